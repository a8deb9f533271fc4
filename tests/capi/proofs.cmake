# What proves the C API. Everything here is a host of its own: it sees kith.h and the shared library.
set(proofs ${CMAKE_CURRENT_LIST_DIR})
set(strict_c -Wall -Wextra -Wpedantic -Wshadow -Werror)

# kith_c_host(name sources…) is a program in C99 that links what hosts link.
function(kith_c_host name)
  add_executable(${name} ${ARGN})
  set_target_properties(${name} PROPERTIES C_STANDARD 99 C_EXTENSIONS OFF)
  target_compile_options(${name} PRIVATE ${strict_c})
  target_link_libraries(${name} PRIVATE kith::c)
endfunction()

# The scenarios: what the program prints is the file.
file(GLOB sources CONFIGURE_DEPENDS ${proofs}/scenarios/*.c)
kith_c_host(capi_scenarios ${sources})
file(GLOB scenarios CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/scenarios/*.txt)
foreach(file IN LISTS scenarios)
  cmake_path(GET file STEM name)
  add_test(NAME capi.scenario.${name} COMMAND ${CMAKE_COMMAND} -DPROGRAM=$<TARGET_FILE:capi_scenarios>
    -DARGUMENTS=${file} -DEXPECTED=${file} -DOUT=${CMAKE_CURRENT_BINARY_DIR}/scenario.${name}.txt
    -P ${PROJECT_SOURCE_DIR}/examples/expect.cmake)
endforeach()

# Misuse: how each function is called is read from the header.
set(generated ${CMAKE_CURRENT_BINARY_DIR}/capi_functions.cpp)
set(headers ${PROJECT_SOURCE_DIR}/capi/include/kith_types.h ${PROJECT_SOURCE_DIR}/capi/include/kith.h)
find_program(KITH_PYTHON NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED)
add_custom_command(OUTPUT ${generated} DEPENDS ${headers} ${proofs}/misuse/generate.py
  COMMAND ${KITH_PYTHON} ${proofs}/misuse/generate.py ${headers} ${generated} VERBATIM)

# kith_c_gtest(name sources…) is a C++ program that sees kith.h only.
function(kith_c_gtest name)
  add_executable(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE kith::c kith_warnings GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE KITH_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  gtest_discover_tests(${name} TEST_PREFIX capi. DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 600)
endfunction()
file(GLOB sources CONFIGURE_DEPENDS ${proofs}/misuse/*.cpp)
kith_c_gtest(capi_misuse_test ${sources} ${generated})
target_include_directories(capi_misuse_test PRIVATE ${proofs}/misuse)
target_link_libraries(capi_misuse_test PRIVATE SQLite::SQLite3)

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
find_program(KITH_PYTHON3 NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED)
add_custom_command(OUTPUT ${generated} DEPENDS ${headers} ${proofs}/misuse/generate.py
  COMMAND ${KITH_PYTHON3} ${proofs}/misuse/generate.py ${headers} ${generated} VERBATIM)

# kith_c_gtest(name sources…) is a C++ program that sees kith.h only.
function(kith_c_gtest name)
  add_executable(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE kith::c kith_warnings GTest::gtest_main)
  target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  gtest_discover_tests(${name} TEST_PREFIX capi. DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 600)
endfunction()
file(GLOB sources CONFIGURE_DEPENDS ${proofs}/misuse/*.cpp)
kith_c_gtest(capi_misuse_test ${sources} ${generated})
target_include_directories(capi_misuse_test PRIVATE ${proofs}/misuse)
target_link_libraries(capi_misuse_test PRIVATE SQLite::SQLite3)

# The n-th allocation fails while a host works through C.
kith_c_gtest(capi_memory_test ${proofs}/memory/memory_test.cpp ${proofs}/memory/works.cpp
  ${CMAKE_CURRENT_SOURCE_DIR}/faults/support/process.cpp $<TARGET_OBJECTS:faults_memory>)
target_include_directories(capi_memory_test PRIVATE ${proofs}/memory ${CMAKE_CURRENT_SOURCE_DIR}/faults)
target_link_libraries(capi_memory_test PRIVATE SQLite::SQLite3)
# What the program defines instead of the C library must be seen by shared libraries.
set_target_properties(capi_memory_test PROPERTIES ENABLE_EXPORTS ON)

# The ABI: symbols, sizes and offsets, and a host of version 0.1 that nobody compiles again with new
# headers.
set(abi ${CMAKE_CURRENT_SOURCE_DIR}/golden/kith.abi)
list(JOIN headers "," header_list)
add_test(NAME capi.abi.symbols COMMAND ${CMAKE_COMMAND} -DNM=${CMAKE_NM} -DLIBRARY=$<TARGET_FILE:kith_c_shared>
  -DALLOWED=${abi} -DHEADERS=${header_list} -P ${proofs}/abi/symbols.cmake)
add_library(capi_layout OBJECT ${proofs}/abi/layout.c)
set_target_properties(capi_layout PROPERTIES C_STANDARD 99 C_EXTENSIONS OFF)
target_compile_options(capi_layout PRIVATE ${strict_c})
target_include_directories(capi_layout PRIVATE ${PROJECT_SOURCE_DIR}/capi/include)
add_test(NAME capi.abi.layout_is_complete
  COMMAND ${KITH_PYTHON3} ${proofs}/abi/layout.py --complete ${proofs}/abi/layout.c ${headers}
    ${PROJECT_SOURCE_DIR}/capi/include/kith_plugin.h)

add_executable(capi_v1_client ${proofs}/v1/client.c)
set_target_properties(capi_v1_client PROPERTIES C_STANDARD 99 C_EXTENSIONS OFF)
target_compile_options(capi_v1_client PRIVATE ${strict_c})
target_include_directories(capi_v1_client PRIVATE ${proofs}/v1/include)
target_link_libraries(capi_v1_client PRIVATE $<TARGET_FILE:kith_c_shared>)
add_dependencies(capi_v1_client kith_c_shared)
set_target_properties(capi_v1_client PROPERTIES BUILD_RPATH $<TARGET_FILE_DIR:kith_c_shared>)
add_test(NAME capi.v1.client COMMAND ${CMAKE_COMMAND} -DPROGRAM=$<TARGET_FILE:capi_v1_client>
  -DEXPECTED=${proofs}/v1/expected.txt -DOUT=${CMAKE_CURRENT_BINARY_DIR}/v1.txt
  -P ${PROJECT_SOURCE_DIR}/examples/expect.cmake)

# Plug-ins of version 0.1, the same way: a store, and a module.
function(kith_v1_plugin name source)
  add_library(${name} MODULE ${proofs}/v1/${source})
  target_include_directories(${name} PRIVATE ${proofs}/v1/include)
  target_compile_options(${name} PRIVATE ${strict_c})
  set_target_properties(${name} PROPERTIES C_STANDARD 11 C_VISIBILITY_PRESET hidden)
endfunction()
kith_v1_plugin(capi_v1_store store.c)
target_link_libraries(capi_v1_store PRIVATE Threads::Threads)
if(KITH_TESTS OR KITH_CONFORMANCE)
  add_test(NAME capi.v1.store COMMAND kith-conformance $<TARGET_FILE:capi_v1_store> --uri own:)
endif()
kith_v1_plugin(capi_v1_module module.c)
if(TARGET loyalty)
  add_test(NAME capi.v1.module COMMAND ${CMAKE_COMMAND} -DPROGRAM=$<TARGET_FILE:loyalty>
    -DARGUMENTS=$<TARGET_FILE:capi_v1_module> -DEXPECTED=${proofs}/v1/module.txt
    -DOUT=${CMAKE_CURRENT_BINARY_DIR}/v1.module.txt -P ${PROJECT_SOURCE_DIR}/examples/expect.cmake)
endif()

# Plain declarations, and a host in Python that has only those.
add_test(NAME capi.ffi.plain COMMAND ${CMAKE_COMMAND} -DCC=${CMAKE_C_COMPILER} -DFFI=${KITH_FFI_HEADER}
  -DALLOWED=${abi} -DOUT=${CMAKE_CURRENT_BINARY_DIR} -P ${proofs}/abi/ffi_test.cmake)
if(NOT KITH_SANITIZE)  # a sanitizer must come before Python itself
  add_test(NAME capi.ffi.ctypes COMMAND ${KITH_PYTHON3} ${proofs}/ctypes_smoke.py $<TARGET_FILE:kith_c_shared>
    ${KITH_FFI_HEADER})
endif()

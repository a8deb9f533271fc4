# The conformance suite: objects for our own tests, a library and a program for stores of another
# make. Installed by itself: cmake --install build --component conformance.
set(folder ${CMAKE_CURRENT_LIST_DIR})
file(GLOB suite CONFIGURE_DEPENDS ${folder}/*_test.cpp)
add_library(kith_conformance_tests OBJECT
  ${suite} ${folder}/suite.cpp ${folder}/scan_suite.cpp ${folder}/naive.cpp ${folder}/programs.cpp)
target_include_directories(kith_conformance_tests PRIVATE
  ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(kith_conformance_tests PRIVATE kith kith_warnings GTest::gtest)
kith_precompile(kith_conformance_tests ${PROJECT_SOURCE_DIR}/tests/store/conformance/suite.hpp)

add_library(kith_conformance SHARED $<TARGET_OBJECTS:kith_conformance_tests> ${folder}/kit.cpp)
add_library(kith::conformance ALIAS kith_conformance)
target_link_libraries(kith_conformance PUBLIC kith PRIVATE kith_warnings GTest::gtest)
target_include_directories(kith_conformance PUBLIC $<BUILD_INTERFACE:${folder}>)
set_target_properties(kith_conformance PROPERTIES VERSION ${PROJECT_VERSION}
  SOVERSION ${PROJECT_VERSION_MAJOR})

add_executable(kith-conformance ${folder}/main.cpp)
target_link_libraries(kith-conformance PRIVATE kith_conformance kith_warnings)
set_target_properties(kith-conformance PROPERTIES
  INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")

install(TARGETS kith_conformance kith-conformance COMPONENT conformance
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${folder}/kit.hpp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/kith/conformance
  COMPONENT conformance)

if(KITH_TESTS)
  # What does not conform is found out.
  add_library(forgetful_store MODULE ${folder}/forgetful_store.c)
  target_include_directories(forgetful_store PRIVATE ${PROJECT_SOURCE_DIR}/capi/include)
  target_link_libraries(forgetful_store PRIVATE Threads::Threads)
  set_target_properties(forgetful_store PROPERTIES C_VISIBILITY_PRESET hidden)
  add_test(NAME conformance.finds_what_does_not_conform
    COMMAND kith-conformance $<TARGET_FILE:forgetful_store> --uri own:{} --filter versions.*)
  set_tests_properties(conformance.finds_what_does_not_conform PROPERTIES
    PASS_REGULAR_EXPRESSION "FAILED   versions.an_erased_record_leaves_no_trace")
endif()

# The library that hosts link, its install tree, find_package(kith) and pkg-config.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

target_link_libraries(kith_core PRIVATE PkgConfig::sodium date::date-tz)
if(TARGET kith_memory)
target_link_libraries(kith_memory PRIVATE Boost::headers Boost::serialization PkgConfig::sodium)
endif()
target_link_libraries(kith_sqlite PRIVATE SQLite::SQLite3)
# The C headers are shared by hosts, plug-ins and the layers that speak with them.
target_include_directories(kith_plugin PRIVATE ${PROJECT_SOURCE_DIR}/capi/include)
target_include_directories(kith_module PRIVATE ${PROJECT_SOURCE_DIR}/capi/include)

add_library(kith)
add_library(kith::kith ALIAS kith)
foreach(layer IN LISTS KITH_LAYERS)
  target_sources(kith PRIVATE $<TARGET_OBJECTS:${layer}>)
endforeach()
target_include_directories(kith PUBLIC
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_compile_features(kith PUBLIC cxx_std_20)
target_link_libraries(kith PRIVATE
  SQLite::SQLite3 Boost::serialization date::date-tz PkgConfig::sodium Threads::Threads
  ${CMAKE_DL_LIBS})
set_target_properties(kith PROPERTIES
  VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR} EXPORT_NAME kith)

install(TARGETS kith EXPORT kith-targets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/kith DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT kith-targets NAMESPACE kith:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/kith)
configure_package_config_file(cmake/kith-config.cmake.in kith-config.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/kith)
write_basic_package_version_file(kith-config-version.cmake COMPATIBILITY SameMajorVersion)
install(FILES ${PROJECT_BINARY_DIR}/kith-config.cmake ${PROJECT_BINARY_DIR}/kith-config-version.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/kith)
# The tree may be moved: pkg-config finds the prefix from where its file is.
file(RELATIVE_PATH KITH_FROM_PC_TO_PREFIX /x/${CMAKE_INSTALL_LIBDIR}/pkgconfig /x)
configure_file(cmake/kith.pc.in kith.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/kith.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# How every source of Kith is compiled: standard, warnings, sanitizers, and kith_layer().
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release)
endif()

find_program(KITH_CCACHE ccache)
if(KITH_CCACHE AND PROJECT_IS_TOP_LEVEL)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${KITH_CCACHE})
endif()

# A second build of everything, such as a sanitizer's, takes the headers that most sources include from
# a precompiled one. The first build must not: it shows that each source includes what it uses.
option(KITH_PRECOMPILE "Precompile headers" OFF)
if(KITH_PRECOMPILE AND KITH_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${KITH_CCACHE})
endif()
# kith_precompile(target header): targets of one type (their code is placed alike) and header share it.
function(kith_precompile target header)
  if(NOT KITH_PRECOMPILE)
    return()
  endif()
  get_target_property(type ${target} TYPE)
  get_property(origin GLOBAL PROPERTY "kith_precompiled_${type}_${header}")
  if(origin)
    target_precompile_headers(${target} REUSE_FROM ${origin})
  else()
    target_precompile_headers(${target} PRIVATE "$<$<COMPILE_LANGUAGE:CXX>:${header}>")
    set_property(GLOBAL PROPERTY "kith_precompiled_${type}_${header}" ${target})
  endif()
endfunction()

find_package(Threads REQUIRED)
find_package(SQLite3 3.37 REQUIRED)
find_package(Boost 1.74 REQUIRED COMPONENTS serialization)
find_package(date REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)

# Warnings and sanitizers of our own code; hosts that link Kith do not inherit them.
add_library(kith_warnings INTERFACE)
target_compile_options(kith_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>  # false alarms on string sums, GCC bug 105329
  $<$<BOOL:${KITH_WERROR}>:-Werror>
  $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2 -fstack-protector-strong>)
if(KITH_SANITIZE)
  add_compile_options(-fsanitize=${KITH_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  # A program in C that links our library needs what the sanitizers have for C++.
  add_link_options(-fsanitize=${KITH_SANITIZE})
  add_link_options($<$<LINK_LANG_AND_ID:C,Clang>:-fsanitize-link-c++-runtime> $<$<LINK_LANGUAGE:C>:-lstdc++>)
  add_compile_definitions(KITH_SANITIZED)
endif()
if(KITH_COVERAGE)
  add_compile_options(--coverage -fprofile-update=atomic)
  add_link_options(--coverage)
endif()

# kith_layer(core) compiles src/core/**.cpp into the object library kith_core. What a layer may
# include is the business of the layers test; what third-party headers it may see is decided here.
set(KITH_LAYERS "" CACHE INTERNAL "")
function(kith_layer folder)
  string(REPLACE "storage/" "" name ${folder})
  if(NOT name STREQUAL "kith")
    string(PREPEND name "kith_")
  else()
    set(name kith_root)
  endif()
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${folder}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_library(${name} OBJECT ${sources})
  target_include_directories(${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${name} PRIVATE $<BUILD_INTERFACE:kith_warnings>)
  kith_precompile(${name} ${PROJECT_SOURCE_DIR}/src/core/session/state.hpp)
  set(KITH_LAYERS ${KITH_LAYERS} ${name} CACHE INTERNAL "")
endfunction()

# `cmake --build build/docs --target docs`: the reference manual, without a single warning.
find_package(Doxygen QUIET)
if(DOXYGEN_FOUND)
  add_custom_target(docs
    COMMAND ${CMAKE_COMMAND} -E env KITH_VERSION=${PROJECT_VERSION} KITH_DOCS_OUT=${PROJECT_BINARY_DIR}/docs
            ${DOXYGEN_EXECUTABLE} docs/Doxyfile
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} VERBATIM)
endif()

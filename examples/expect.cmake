# cmake -DPROGRAM=… -DARGUMENTS=… -DEXPECTED=file -P expect.cmake: fails unless the program prints the file.
execute_process(COMMAND ${PROGRAM} ${ARGUMENTS} OUTPUT_FILE ${OUT} RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "${PROGRAM} ended with ${status}")
endif()
execute_process(COMMAND diff -u ${EXPECTED} ${OUT} RESULT_VARIABLE different)
if(different)
  message(FATAL_ERROR "Differs from ${EXPECTED}")
endif()

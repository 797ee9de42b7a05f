# cmake -Dprogram=FILE -Dexpected=FILE -P run.cmake: runs the program; it must end with 0 and print what the file says.
execute_process(
    COMMAND "${program}"
    RESULT_VARIABLE result
    OUTPUT_VARIABLE actual)
if(NOT result EQUAL 0)
    message(FATAL_ERROR "${program} ended with ${result}:\n${actual}")
endif()
file(READ "${expected}" wanted)
if(NOT "${actual}" STREQUAL "${wanted}")
    message(FATAL_ERROR "${program} printed\n${actual}\nbut ${expected} says\n${wanted}")
endif()

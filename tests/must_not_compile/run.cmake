# cmake -Dcompiler=... -Dcase=FILE -Dincludes=DIRECTORIES -P run.cmake
cmake_minimum_required(VERSION 3.25)

list(TRANSFORM includes PREPEND -I)
set(command "${compiler}" -std=c++20 -fsyntax-only -Wall -Wextra ${includes} "${case}")

execute_process(
    COMMAND ${command} -DMUST_COMPILE
    RESULT_VARIABLE result
    OUTPUT_VARIABLE output
    ERROR_VARIABLE output)
if(NOT result EQUAL 0)
    message(FATAL_ERROR "The twin without the fault does not compile either, so this case shows nothing:\n${output}")
endif()

execute_process(
    COMMAND ${command}
    RESULT_VARIABLE result
    OUTPUT_VARIABLE output
    ERROR_VARIABLE output)
if(result EQUAL 0)
    message(FATAL_ERROR "${case} compiles, and must not.")
endif()

file(STRINGS "${case}" names REGEX "^// names: ")
if(NOT names)
    message(FATAL_ERROR "${case} has no line `// names: ...`.")
endif()
foreach(name IN LISTS names)
    string(REGEX REPLACE "^// names: " "" name "${name}")
    # Only the compiler's own words count, not the lines of source that it quotes ("  12 | ...").
    string(REGEX REPLACE "\n +[0-9]* *\\|[^\n]*" "" words "\n${output}")
    string(FIND "${words}" "${name}" place)
    if(place EQUAL -1)
        message(FATAL_ERROR "The compiler refuses ${case} without naming ${name}:\n${output}")
    endif()
endforeach()

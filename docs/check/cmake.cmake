# cmake -Dway=NAME -Dsource=... -Dbuild=... -Dwork=... -P cmake.cmake: a project with the lines of the README for this way of use, and its program as main.cpp.
cmake_minimum_required(VERSION 3.25)

set(here "${work}/${way}")
file(REMOVE_RECURSE "${here}")
configure_file("${source}/docs/snippets/cmake/${way}/CMakeLists.txt" "${here}/CMakeLists.txt" COPYONLY)
configure_file("${source}/docs/snippets/readme.cpp" "${here}/main.cpp" COPYONLY)

function(run)
    execute_process(COMMAND ${ARGV} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(NOT result EQUAL 0)
        list(JOIN ARGV " " command)
        message(FATAL_ERROR "${command}\nended with ${result}:\n${output}")
    endif()
endfunction()

set(where "")
if(way STREQUAL "add_subdirectory")
    file(MAKE_DIRECTORY "${here}/third_party")
    file(CREATE_LINK "${source}" "${here}/third_party/event-sourcing" SYMBOLIC)
elseif(way STREQUAL "fetch_content")
    set(where "-DFETCHCONTENT_SOURCE_DIR_EVENT-SOURCING=${source}")
else()
    run("${CMAKE_COMMAND}" --install "${build}" --prefix "${here}/prefix")
    list(PREPEND prefix_path "${here}/prefix")
endif()

run("${CMAKE_COMMAND}" -S "${here}" -B "${here}/build" -G "${generator}" "-DCMAKE_CXX_COMPILER=${compiler}" "-DCMAKE_CXX_COMPILER_LAUNCHER=${launcher}"
    -DCMAKE_BUILD_TYPE=Debug "-DCMAKE_PREFIX_PATH=${prefix_path}" ${where})
run("${CMAKE_COMMAND}" --build "${here}/build")
set(program "${here}/build/bank")
set(expected "${source}/docs/snippets/readme.txt")
include("${CMAKE_CURRENT_LIST_DIR}/run.cmake")

# Configures, builds and tests one consumer: cmake -Dconsumer=NAME -Dsource=... -Dbuild=... -Dwork=... -Dcompiler=... -P
# run.cmake
cmake_minimum_required(VERSION 3.25)

set(here "${work}/${consumer}")
file(REMOVE_RECURSE "${here}")
file(MAKE_DIRECTORY "${here}")
set(ENV{CLICOLOR_FORCE} 0)

function(run)
    execute_process(COMMAND ${ARGV} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(NOT result EQUAL 0)
        list(JOIN ARGV " " command)
        message(FATAL_ERROR "${command}\nended with ${result}:\n${output}")
    endif()
endfunction()

set(configure "${CMAKE_COMMAND}" -G "${generator}" "-DCMAKE_CXX_COMPILER=${compiler}"
              "-DCMAKE_CXX_COMPILER_LAUNCHER=${launcher}" -DCMAKE_BUILD_TYPE=Debug "-Devent_sourcing_checkout=${source}")

function(install_library)
    run("${CMAKE_COMMAND}" --install "${build}" --prefix "${here}/prefix")
    list(PREPEND prefix_path "${here}/prefix")
    set(configure ${configure} "-DCMAKE_PREFIX_PATH=${prefix_path}" PARENT_SCOPE)
endfunction()

# build_and_test(<project> [<cache entry>...]): the project, with its own tests
function(build_and_test project)
    cmake_path(GET project FILENAME name)
    run(${configure} -S "${project}" -B "${here}/${name}" ${ARGN})
    run("${CMAKE_COMMAND}" --build "${here}/${name}")
    run("${CMAKE_CTEST_COMMAND}" --test-dir "${here}/${name}" --output-on-failure --no-tests=error)
endfunction()

set(starter "${source}/examples/starter")

if(consumer STREQUAL "find_package")
    install_library()
    build_and_test("${CMAKE_CURRENT_LIST_DIR}/find_package")
    build_and_test("${starter}")

elseif(consumer STREQUAL "fetch_content")
    build_and_test("${CMAKE_CURRENT_LIST_DIR}/fetch_content")
    build_and_test("${starter}" "-DEVENT_SOURCING_SOURCE_DIR=${source}")

elseif(consumer STREQUAL "add_subdirectory")
    # The parent project brings the starter in beside the library.
    build_and_test("${CMAKE_CURRENT_LIST_DIR}/add_subdirectory")

elseif(consumer STREQUAL "missing_component")
    install_library()
    foreach(component IN ITEMS event-stream-kafka event-store-typo)
        execute_process(
            COMMAND ${configure} -S "${CMAKE_CURRENT_LIST_DIR}/missing_component" -B "${here}/build" -Dcomponent=${component}
            RESULT_VARIABLE result
            OUTPUT_VARIABLE output
            ERROR_VARIABLE output)
        if(result EQUAL 0)
            message(FATAL_ERROR "find_package(event-sourcing COMPONENTS ${component}) succeeded:\n${output}")
        endif()
        string(REGEX REPLACE "[ \n]+" " " output "${output}")
        set(says "The component ${component} is [a-z ]+(-[a-z ]+)?\\. This installation has: event-sourcing, ")
        if(NOT output MATCHES "${says}.*event-store-inmemory")
            message(FATAL_ERROR "The message does not say what is missing and what is there:\n${output}")
        endif()
    endforeach()

elseif(consumer STREQUAL "downloads")
    # Nothing is downloaded here: local trees stand in for the downloads, and the system's packages are out of sight.
    find_path(json_root nlohmann/json.hpp PATHS ${json_include} NO_DEFAULT_PATH REQUIRED)
    find_path(googletest_source googletest/CMakeLists.txt PATHS /usr/src/googletest NO_DEFAULT_PATH)
    if(NOT googletest_source)
        message("skipped: the sources of GoogleTest are not at hand (Debian: package googletest)")
        return()
    endif()
    file(MAKE_DIRECTORY "${here}/json/include")
    file(COPY "${json_root}/nlohmann" DESTINATION "${here}/json/include")
    configure_file("${CMAKE_CURRENT_LIST_DIR}/downloads/json.cmake" "${here}/json/CMakeLists.txt" COPYONLY)
    set(downloads -DFETCHCONTENT_TRY_FIND_PACKAGE_MODE=NEVER -DFETCHCONTENT_FULLY_DISCONNECTED=ON
                  "-DFETCHCONTENT_SOURCE_DIR_NLOHMANN_JSON=${here}/json"
                  "-DFETCHCONTENT_SOURCE_DIR_GOOGLETEST=${googletest_source}")

    # The whole project built on downloads, installed together with them, and used from there.
    run("${CMAKE_COMMAND}" -S "${source}" -B "${here}/library" -G "${generator}" "-DCMAKE_CXX_COMPILER=${compiler}"
        "-DCMAKE_CXX_COMPILER_LAUNCHER=${launcher}" -DEVENT_SOURCING_EXAMPLES=OFF ${downloads})
    run("${CMAKE_COMMAND}" --build "${here}/library" --target gtest gtest_main gmock gmock_main)
    run("${CMAKE_COMMAND}" --install "${here}/library" --prefix "${here}/prefix")
    build_and_test("${CMAKE_CURRENT_LIST_DIR}/find_package" "-DCMAKE_PREFIX_PATH=${here}/prefix"
                   "-Dexpect_json_below=${here}/prefix")

else()
    message(FATAL_ERROR "unknown consumer: ${consumer}")
endif()

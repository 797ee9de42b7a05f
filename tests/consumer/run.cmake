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

# refuses(<text> <cache entry>...): the project missing_component cannot be configured, and the reason has the text.
function(refuses text)
    file(REMOVE_RECURSE "${here}/refused")
    execute_process(
        COMMAND ${configure} -S "${CMAKE_CURRENT_LIST_DIR}/missing_component" -B "${here}/refused" ${ARGN}
        RESULT_VARIABLE result
        OUTPUT_VARIABLE output
        ERROR_VARIABLE output)
    if(result EQUAL 0)
        message(FATAL_ERROR "find_package(event-sourcing) succeeded with ${ARGN}:\n${output}")
    endif()
    string(REGEX REPLACE "[ \n]+" " " output "${output}")
    if(NOT output MATCHES "${text}")
        message(FATAL_ERROR "The message does not say '${text}':\n${output}")
    endif()
endfunction()

# The starter's program without a server: status 4, one line that says what to do, and nothing on stdout.
function(run_starter program)
    set(ENV{DATABASE_URL} "")
    execute_process(COMMAND "${program}" RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE said)
    if(NOT result EQUAL 4 OR NOT output STREQUAL "" OR NOT said MATCHES "^starter: set DATABASE_URL=[^\n]*\n$")
        message(FATAL_ERROR "Without DATABASE_URL the starter ended with ${result}, output '${output}', and said '${said}'.")
    endif()
endfunction()

set(starter "${source}/examples/starter")

if(consumer STREQUAL "find_package")
    install_library()
    build_and_test("${CMAKE_CURRENT_LIST_DIR}/find_package" -Dpostgres_component=event-store-postgres)
    build_and_test("${starter}")
    run_starter("${here}/starter/starter")

elseif(consumer STREQUAL "fetch_content")
    build_and_test("${CMAKE_CURRENT_LIST_DIR}/fetch_content")
    build_and_test("${starter}" "-DEVENT_SOURCING_SOURCE_DIR=${source}")
    run_starter("${here}/starter/starter")

elseif(consumer STREQUAL "add_subdirectory")
    # The parent project brings the starter in beside the library.
    build_and_test("${CMAKE_CURRENT_LIST_DIR}/add_subdirectory")
    run_starter("${here}/add_subdirectory/starter/starter")

elseif(consumer STREQUAL "missing_component")
    install_library()
    set(has "This installation has: event-sourcing, .*event-store-inmemory")
    refuses("The component event-stream-kafka is not installed here\\. ${has}" -Dcomponent=event-stream-kafka)
    refuses("The component event-store-typo is no component of event-sourcing\\. ${has}" -Dcomponent=event-store-typo)

elseif(consumer STREQUAL "missing_driver")
    # libpqxx is out of sight: neither its CMake package nor pkg-config is there.
    install_library()
    set(hidden -DCMAKE_DISABLE_FIND_PACKAGE_libpqxx=ON -DCMAKE_DISABLE_FIND_PACKAGE_PkgConfig=ON)
    refuses("The component event-store-postgres needs the package Pqxx, which was not found\\. It is libpqxx 6\\.4 or newer: install it"
            -Dcomponent=event-store-postgres ${hidden})
    run(${configure} -S "${CMAKE_CURRENT_LIST_DIR}/missing_component" -B "${here}/memory" -Dcomponent=testing ${hidden})

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

    # All that can stand on downloads alone, installed together with them, and used from there. libpqxx is never one.
    run("${CMAKE_COMMAND}" -S "${source}" -B "${here}/library" -G "${generator}" "-DCMAKE_CXX_COMPILER=${compiler}"
        "-DCMAKE_CXX_COMPILER_LAUNCHER=${launcher}" -DEVENT_SOURCING_EXAMPLES=OFF
        -DEVENT_SOURCING_POSTGRES=OFF ${downloads})
    run("${CMAKE_COMMAND}" --build "${here}/library" --target gtest gtest_main gmock gmock_main)
    run("${CMAKE_COMMAND}" --install "${here}/library" --prefix "${here}/prefix")
    build_and_test("${CMAKE_CURRENT_LIST_DIR}/find_package" "-DCMAKE_PREFIX_PATH=${here}/prefix"
                   "-Dexpect_json_below=${here}/prefix")
    list(APPEND configure "-DCMAKE_PREFIX_PATH=${here}/prefix")
    refuses("The component event-store-postgres is not installed here\\. This installation has: event-sourcing, "
            -Dcomponent=event-store-postgres)

else()
    message(FATAL_ERROR "unknown consumer: ${consumer}")
endif()

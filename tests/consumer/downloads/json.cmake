# Stands in for the nlohmann_json download: the same target, the same option, the same package.
cmake_minimum_required(VERSION 3.25)
project(nlohmann_json VERSION 3.11.3 LANGUAGES CXX)
option(JSON_Install "Install" OFF)

add_library(nlohmann_json INTERFACE)
add_library(nlohmann_json::nlohmann_json ALIAS nlohmann_json)
target_include_directories(nlohmann_json INTERFACE "$<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include>"
                                                   $<INSTALL_INTERFACE:include>)

if(JSON_Install)
    include(CMakePackageConfigHelpers)
    write_basic_package_version_file(nlohmann_jsonConfigVersion.cmake COMPATIBILITY SameMajorVersion ARCH_INDEPENDENT)
    install(DIRECTORY include/ DESTINATION include)
    install(TARGETS nlohmann_json EXPORT nlohmann_jsonTargets)
    install(EXPORT nlohmann_jsonTargets FILE nlohmann_jsonConfig.cmake NAMESPACE nlohmann_json::
            DESTINATION share/cmake/nlohmann_json)
    install(FILES "${CMAKE_CURRENT_BINARY_DIR}/nlohmann_jsonConfigVersion.cmake" DESTINATION share/cmake/nlohmann_json)
endif()

# Pqxx::Pqxx: libpqxx 6.4 to 7.x. A CMake package first (vcpkg, or installed from source), then pkg-config (Debian, which
# ships no CMake package). libpq, on which it stands, comes along. Installed beside the project's own package file, since
# consumers of the static library need it.
include(FindPackageHandleStandardArgs)

if(NOT TARGET Pqxx::Pqxx)
    find_package(libpqxx QUIET CONFIG)
    if(TARGET libpqxx::pqxx)
        add_library(Pqxx::Pqxx INTERFACE IMPORTED)
        find_package(PostgreSQL REQUIRED)
        target_link_libraries(Pqxx::Pqxx INTERFACE libpqxx::pqxx PostgreSQL::PostgreSQL)
        set(Pqxx_VERSION "${libpqxx_VERSION}")
    else()
        find_package(PkgConfig QUIET)
        if(PkgConfig_FOUND)
            pkg_check_modules(EVENT_SOURCING_PQXX QUIET IMPORTED_TARGET libpqxx libpq)
        endif()
        if(TARGET PkgConfig::EVENT_SOURCING_PQXX)
            add_library(Pqxx::Pqxx INTERFACE IMPORTED)
            target_link_libraries(Pqxx::Pqxx INTERFACE PkgConfig::EVENT_SOURCING_PQXX)
            set(Pqxx_VERSION "${EVENT_SOURCING_PQXX_libpqxx_VERSION}")
        endif()
    endif()

    # libpqxx 7.8 that was built as C++17 lacks what its headers declare in C++20: without std::source_location they agree.
    if(TARGET Pqxx::Pqxx AND Pqxx_VERSION VERSION_GREATER_EQUAL 7.8 AND Pqxx_VERSION VERSION_LESS 7.9)
        include(CheckCXXSourceCompiles)
        set(CMAKE_REQUIRED_LIBRARIES Pqxx::Pqxx)
        set(CMAKE_REQUIRED_FLAGS "-std=c++20")
        check_cxx_source_compiles(
            "#include <pqxx/pqxx>
             int main() { throw pqxx::conversion_error{\"probe\"}; }"
            EVENT_SOURCING_PQXX_LINKS_AS_CXX20)
        unset(CMAKE_REQUIRED_LIBRARIES)
        unset(CMAKE_REQUIRED_FLAGS)
        if(NOT EVENT_SOURCING_PQXX_LINKS_AS_CXX20)
            target_compile_definitions(Pqxx::Pqxx INTERFACE EVENT_SOURCING_PQXX_HIDE_SOURCE_LOCATION)
        endif()
    endif()
endif()

if(TARGET Pqxx::Pqxx)
    set(Pqxx_FOUND_TARGET Pqxx::Pqxx)
    # A second look finds the target, and its version here. A parent's own target has none.
    if(Pqxx_VERSION)
        set_target_properties(Pqxx::Pqxx PROPERTIES EVENT_SOURCING_VERSION "${Pqxx_VERSION}")
    else()
        get_property(Pqxx_VERSION TARGET Pqxx::Pqxx PROPERTY EVENT_SOURCING_VERSION)
    endif()
endif()
find_package_handle_standard_args(
    Pqxx
    REQUIRED_VARS Pqxx_FOUND_TARGET
    VERSION_VAR Pqxx_VERSION
    REASON_FAILURE_MESSAGE "libpqxx is not installed, or neither its CMake package nor pkg-config is")

# What the enabled parts need. A system package comes first; a pinned and hashed download is the last resort. The names
# are the canonical ones, so that a parent project which declares or finds the same package before us stays in control
# of it. Each is declared only where it is needed: a parent that declares it after us then decides as well.
include_guard(DIRECTORY)
include(FetchContent)

# GLOBAL, because the targets that consumers link carry these names into the consumers' own directories.
find_package(Threads REQUIRED GLOBAL)

# Makes one declared package available. The variables that steer a download's own build live in this function alone:
# they reach neither the cache nor a parent.
function(event_sourcing_require package)
    set(CMAKE_POLICY_DEFAULT_CMP0077 NEW)
    set(BUILD_TESTING OFF)
    set(CMAKE_VERIFY_INTERFACE_HEADER_SETS OFF)
    # What we install must be able to find what it needs: a downloaded nlohmann_json or GoogleTest is installed with us.
    set(JSON_BuildTests OFF)
    set(JSON_Install ${EVENT_SOURCING_INSTALL})
    set(INSTALL_GTEST ${EVENT_SOURCING_INSTALL})
    set(FMT_INSTALL OFF)
    set(BENCHMARK_ENABLE_TESTING OFF)
    set(BENCHMARK_ENABLE_INSTALL OFF)
    set(CLI11_BUILD_TESTS OFF)
    set(CLI11_BUILD_EXAMPLES OFF)
    set(CLI11_BUILD_DOCS OFF)
    set(CLI11_INSTALL OFF)
    FetchContent_MakeAvailable(${package})
endfunction()

FetchContent_Declare(
    nlohmann_json
    URL "https://github.com/nlohmann/json/releases/download/v3.11.3/json.tar.xz"
    URL_HASH SHA256=d6c65aca6b1ed68e7a182f4757257b107ae403032760ed6ef121c9d55e81757d
    DOWNLOAD_EXTRACT_TIMESTAMP ON
    SYSTEM
    FIND_PACKAGE_ARGS 3.11 GLOBAL)
event_sourcing_require(nlohmann_json)

if(EVENT_SOURCING_TESTS)
    FetchContent_Declare(
        googletest
        URL "https://github.com/google/googletest/releases/download/v1.17.0/googletest-1.17.0.tar.gz"
        URL_HASH SHA256=65fab701d9829d38cb77c14acdc431d2108bfdbf8979e40eb8ae567edf10b27c
        DOWNLOAD_EXTRACT_TIMESTAMP ON
        SYSTEM
        FIND_PACKAGE_ARGS 1.12 NAMES GTest GLOBAL)
    event_sourcing_require(googletest)
elseif(NOT TARGET GTest::gtest)
    # Nothing is downloaded for the sake of the conformance kit: it exists where GoogleTest is at hand.
    find_package(GTest 1.12 QUIET)
endif()

if(EVENT_SOURCING_EXAMPLES)
    FetchContent_Declare(
        fmt
        URL "https://github.com/fmtlib/fmt/archive/refs/tags/10.2.1.tar.gz"
        URL_HASH SHA256=1250e4cc58bf06ee631567523f48848dc4596133e163f02615c97f78bab6c811
        DOWNLOAD_EXTRACT_TIMESTAMP ON
        SYSTEM
        FIND_PACKAGE_ARGS 9 GLOBAL)
    FetchContent_Declare(
        CLI11
        URL "https://github.com/CLIUtils/CLI11/archive/refs/tags/v2.4.2.tar.gz"
        URL_HASH SHA256=f2d893a65c3b1324c50d4e682c0cdc021dd0477ae2c048544f39eed6654b699a
        DOWNLOAD_EXTRACT_TIMESTAMP ON
        SYSTEM
        FIND_PACKAGE_ARGS 2.1 GLOBAL)
    event_sourcing_require(fmt)
    event_sourcing_require(CLI11)
    find_package(ZLIB REQUIRED)
endif()

if(EVENT_SOURCING_POSTGRES)
    find_package(Pqxx 6.4)
    if(NOT Pqxx_FOUND)
        message(FATAL_ERROR "event-store-postgres needs libpqxx 6.4 or newer: install it (Debian: libpqxx-dev and "
                            "pkg-config), or do without that library: -DEVENT_SOURCING_POSTGRES=OFF.")
    endif()
endif()

if(EVENT_SOURCING_BENCHMARKS)
    FetchContent_Declare(
        benchmark
        URL "https://github.com/google/benchmark/archive/refs/tags/v1.8.3.tar.gz"
        URL_HASH SHA256=6bc180a57d23d4d9515519f92b0c83d61b05b5bab188961f36ac7b06b0d9e9ce
        DOWNLOAD_EXTRACT_TIMESTAMP ON
        SYSTEM
        FIND_PACKAGE_ARGS 1.7 GLOBAL)
    event_sourcing_require(benchmark)
endif()

#pragma once

// libpqxx 7.8 built as C++17 (Ubuntu 24.04) has no symbols for the std::source_location that its headers use in C++20. The
// find module defines the macro after a link probe failed.
#ifdef EVENT_SOURCING_PQXX_HIDE_SOURCE_LOCATION
#include <source_location>
#include <version>
#pragma push_macro("__cpp_lib_source_location")
#undef __cpp_lib_source_location
#include <pqxx/pqxx>
#pragma pop_macro("__cpp_lib_source_location")
#else
#include <pqxx/pqxx>
#endif

/// libpqxx's version as one number, 604 for 6.4.
#define EVENT_SOURCING_PQXX_VERSION (PQXX_VERSION_MAJOR * 100 + PQXX_VERSION_MINOR)

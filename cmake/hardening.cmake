# Warnings are errors, and the binary is hardened: what these flags promise is checked on the release
# binary by tests/compat/hardening_test.py.
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
  -fstack-protector-strong -fstack-clash-protection -fPIE -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)
if(CMAKE_CXX_FLAGS_DEBUG MATCHES "-fsanitize")
  add_compile_options(-Wno-error)  # clang warns of more than GCC, and GCC wrongly when sanitizing
endif()
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  add_compile_options(-fcf-protection=full)
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
add_link_options(-pie -Wl,-z,relro,-z,now,-z,noexecstack)
if(CMAKE_BUILD_TYPE STREQUAL "Release" OR CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -D_GLIBCXX_ASSERTIONS)
else()
  add_compile_definitions(_GLIBCXX_ASSERTIONS)
endif()
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  add_compile_options(-Wthread-safety)
endif()
find_program(MOLD mold)
if(MOLD AND NOT CMAKE_BUILD_TYPE STREQUAL "Release")
  add_link_options(-fuse-ld=mold)
endif()

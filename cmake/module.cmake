# hallmark_module(NAME USES module… [LIBRARIES target…])
#
# Declares the folder src/NAME as a library of all its *.cc files (those that end in _test.cc are its
# tests, in one executable NAME_test; each x_fuzz.cc is a fuzz target, see below). USES is the whole
# list of other modules whose headers it may include: script/check-includes and CMake both read it
# from here.
function(hallmark_module name)
  cmake_parse_arguments(PARSE_ARGV 1 module "" "" "USES;LIBRARIES")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cc)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  set(fuzz_targets ${sources})
  list(FILTER fuzz_targets INCLUDE REGEX "_fuzz\\.cc$")
  list(FILTER sources EXCLUDE REGEX "_(test|fuzz|bench)\\.cc$")

  list(TRANSFORM module_USES PREPEND hallmark_)
  if(NOT sources)
    add_library(hallmark_${name} INTERFACE)
    return()
  endif()
  add_library(hallmark_${name} STATIC ${sources})
  target_include_directories(hallmark_${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(hallmark_${name} PUBLIC ${module_USES} PRIVATE ${module_LIBRARIES})

  if(HALLMARK_TESTS AND tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE hallmark_${name} ${module_LIBRARIES} GTest::gtest_main)
    # Relative, and run from the project's folder: objects are the same wherever that is.
    target_compile_definitions(${name}_test PRIVATE HALLMARK_VECTORS="tests/vectors")
    if(CMAKE_BUILD_TYPE STREQUAL "Release")
      target_compile_options(${name}_test PRIVATE -O1)  # what is tested counts, and compiling takes long
    endif()
    gtest_discover_tests(${name}_test NO_PRETTY_VALUES DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 120
      WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} PROPERTIES TIMEOUT 600)
  endif()
  foreach(source IN LISTS fuzz_targets)
    hallmark_fuzz_target(hallmark_${name} ${source} "${module_LIBRARIES}")
  endforeach()
endfunction()

# x_fuzz.cc as an executable x_fuzz: a fuzzer with HALLMARK_FUZZ (script/fuzz x); otherwise a test
# that replays its corpus, tests/corpus/x.
function(hallmark_fuzz_target module source libraries)
  cmake_path(GET source STEM target)
  string(REGEX REPLACE "_fuzz$" "" name ${target})
  set(corpus ${PROJECT_SOURCE_DIR}/tests/corpus/${name})
  if(HALLMARK_FUZZ)
    add_executable(${target} ${source})
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
  elseif(HALLMARK_TESTS)
    add_executable(${target} ${source} ${PROJECT_SOURCE_DIR}/tests/fuzz/replay.cc)
    add_test(NAME Corpus.${name} COMMAND ${target} ${corpus})
    set_tests_properties(Corpus.${name} PROPERTIES TIMEOUT 600)
  else()
    return()
  endif()
  target_link_libraries(${target} PRIVATE ${module} ${libraries})
endfunction()

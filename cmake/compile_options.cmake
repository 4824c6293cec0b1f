# What every target of ours is compiled with, and the sanitizers.

# Only for our own build: a project that adds this one brings its own launcher and flags.
if(PROJECT_IS_TOP_LEVEL)
    if(NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
        find_program(CUBICASA_CCACHE ccache)
        mark_as_advanced(CUBICASA_CCACHE)
        if(CUBICASA_CCACHE)
            set(CMAKE_CXX_COMPILER_LAUNCHER ${CUBICASA_CCACHE})
        endif()
    endif()
    if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
        set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
    endif()
    set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
endif()

if(CUBICASA_SANITIZE)
    add_compile_options(-fsanitize=${CUBICASA_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${CUBICASA_SANITIZE})
    # g++ 12 warns of Asio's fences, which Asio does not rely on between threads, and finds coroutine frames freed by
    # the wrong function, which the address sanitizer knows better.
    add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-tsan> $<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete>)
endif()

if(CUBICASA_BUILD_FUZZERS)
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()

function(cubicasa_compile_options target)
    target_compile_features(${target} PUBLIC cxx_std_20)
    set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON)
    # g++ 12 sees overlapping copies in plain joining of strings (GCC bug 105651), and frames of coroutines freed by the
    # wrong function.
    set(is_gcc_12 $<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow $<${is_gcc_12}:-Wno-restrict>
                                             $<${is_gcc_12}:-Wno-mismatched-new-delete>
                                             $<$<BOOL:${CUBICASA_WERROR}>:-Werror>)
    # To g++, files that are compiled as one are headers, and what they have in unnamed namespaces is suspicious.
    set(is_one $<BOOL:$<TARGET_PROPERTY:UNITY_BUILD>>)
    target_compile_options(${target} PRIVATE $<${is_one}:-Wno-shadow>
                                             $<$<AND:${is_one},$<CXX_COMPILER_ID:GNU>>:-Wno-subobject-linkage>)
endfunction()

# The header that costs the most and that most of our sources include.
function(cubicasa_precompile target)
    if(CUBICASA_PRECOMPILE)
        target_precompile_headers(${target} PRIVATE <boost/asio.hpp>)
    endif()
endfunction()

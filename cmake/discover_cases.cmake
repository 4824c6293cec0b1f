# Makes each Boost.Test case of a program an entry of ctest. Included, it offers cubicasa_discover_cases(); run as a
# script after each build of the program, it asks the program for its cases and writes the file that ctest reads.

if(NOT CMAKE_SCRIPT_MODE_FILE)
    set(cubicasa_discover_script ${CMAKE_CURRENT_LIST_FILE})

    # cubicasa_discover_cases(<program> PREFIX <first part of the entries' names>)
    function(cubicasa_discover_cases program)
        cmake_parse_arguments(PARSE_ARGV 1 arg "" "PREFIX" "")
        set(timeout 60)
        if(CUBICASA_SANITIZE)
            set(timeout 240)
        endif()
        set(cases ${CMAKE_CURRENT_BINARY_DIR}/${program}_cases.cmake)
        set(entry ${CMAKE_CURRENT_BINARY_DIR}/${program}_ctest.cmake)
        add_custom_command(
            TARGET ${program} POST_BUILD BYPRODUCTS ${cases} VERBATIM
            COMMAND ${CMAKE_COMMAND} -D program=$<TARGET_FILE:${program}> -D prefix=${arg_PREFIX} -D timeout=${timeout}
                    -D output=${cases} -P ${cubicasa_discover_script})
        # A program that was not built is a failure, not an absence of tests.
        file(WRITE ${entry} "if(EXISTS \"${cases}\")\n    include(\"${cases}\")\nelse()\n"
             "    add_test(${arg_PREFIX}.is_not_built ${program}.is_not_built)\nendif()\n")
        set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${entry})
    endfunction()
    return()
endif()

# A crash is reported by the system or by a sanitizer, not caught; and a case that checks nothing is a mistake, which
# Boost.Test tells only among its messages.
set(arguments "--catch_system_errors=no --color_output=no --log_level=message")

execute_process(COMMAND ${program} --list_content=HRF --color_output=no
                OUTPUT_VARIABLE listing ERROR_VARIABLE listing_on_stderr RESULT_VARIABLE status)
string(APPEND listing "${listing_on_stderr}")
if(NOT status EQUAL 0)
    file(REMOVE ${output} ${program})
    message(FATAL_ERROR "${program} cannot list its cases (${status}):\n${listing}")
endif()

# A line is a name, indented by four spaces for each suite around it, followed by `*` if it is enabled and by `: text` if
# it has a description. A name followed by a deeper line is a suite, any other a case.
string(REGEX REPLACE ":[^\n]*" "" listing "${listing}")
string(REPLACE "\n" ";" lines "${listing};end")
set(path "")
set(depth -1)
set(count 0)
set(content "")
foreach(line IN LISTS lines)
    if(line STREQUAL "")
        continue()
    elseif(NOT line MATCHES "^( *)([^ *][^*]*)([*]?)$")
        file(REMOVE ${output} ${program})
        message(FATAL_ERROR "${program} lists what is not a case: '${line}'")
    endif()
    string(STRIP "${CMAKE_MATCH_2}" name)
    set(next_enabled "${CMAKE_MATCH_3}")
    string(LENGTH "${CMAKE_MATCH_1}" next_depth)
    math(EXPR next_depth "${next_depth} / 4")

    if(depth GREATER_EQUAL next_depth)  # so the line before was a case
        list(JOIN path "." label)
        list(JOIN path "/" filter)
        set(label "[==[${prefix}.${label}]==]")
        string(APPEND content
               "add_test(${label} [==[${program}]==] [==[--run_test=${filter}]==] ${arguments})\n"
               "set_tests_properties(${label} PROPERTIES LABELS ${prefix} TIMEOUT ${timeout}"
               " FAIL_REGULAR_EXPRESSION \"did not check any assertions\"")
        if(NOT enabled)
            string(APPEND content " DISABLED TRUE")
        endif()
        string(APPEND content ")\n")
        math(EXPR count "${count} + 1")
    endif()

    list(SUBLIST path 0 ${next_depth} path)
    list(APPEND path "${name}")
    set(depth ${next_depth})
    set(enabled "${next_enabled}")
endforeach()

if(count EQUAL 0)
    file(REMOVE ${output} ${program})
    message(FATAL_ERROR "${program} has no cases")
endif()
file(WRITE ${output} "${content}")

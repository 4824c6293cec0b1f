# Compiles one header alone, included twice, and looks at what the compiler read for it.
set(forbidden "/boost/beast[/.]" "/boost/asio/ssl[/.]" "/boost/json[/.]" "/openssl/" "/nlohmann/" "/rapidjson/" "/simdjson")

set(source ${output}.cpp)
set(dependencies ${output}.d)
file(WRITE ${source} "#include \"${header}\"\n#include \"${header}\"\n")
file(REMOVE ${dependencies})

list(POP_FRONT include own)
list(TRANSFORM include PREPEND -isystem)
execute_process(COMMAND ${compiler} ${standard} -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
                        -fsyntax-only -MD -MF ${dependencies} -MT header -I${own} ${include} ${source}
                RESULT_VARIABLE status)
if(NOT status EQUAL 0)
    message(NOTICE "${header} does not compile alone") # a notice, as CMake breaks the lines of an error
    message(FATAL_ERROR "")
endif()

file(READ ${dependencies} read)
if(NOT read MATCHES "${header}")
    message(FATAL_ERROR "the compiler does not tell what it read for ${header}")
endif()
if(light)
    string(REGEX REPLACE "[ \\\n]+" ";" read "${read}")
    foreach(unwanted IN LISTS forbidden)
        set(found ${read})
        list(FILTER found INCLUDE REGEX "${unwanted}")
        if(found)
            list(GET found 0 first)
            message(NOTICE "${header} brings in ${first}")
            message(FATAL_ERROR "")
        endif()
    endforeach()
endif()

# Builds and runs the program beside this file. Given: source, build, work, compiler, launcher and way, which is
# `installed` (static library, find_package) or `subdirectory` (shared library, add_subdirectory).
function(run)
    execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(NOT status EQUAL 0)
        list(JOIN ARGN " " command)
        message(FATAL_ERROR "failed: ${command}\n${output}")
    endif()
    set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${work})
if(way STREQUAL "installed")
    run(${CMAKE_COMMAND} --install ${build} --prefix ${work}/prefix)
    set(options -D CMAKE_PREFIX_PATH=${work}/prefix)
else()
    set(options -D CUBICASA_SOURCE_DIR=${source} -D BUILD_SHARED_LIBS=ON)
endif()

run(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR} -B ${work}/build -G Ninja -D CMAKE_CXX_COMPILER=${compiler}
    -D CMAKE_CXX_COMPILER_LAUNCHER=${launcher} ${options})
run(${CMAKE_COMMAND} --build ${work}/build)
run(${work}/build/consume)
message("${output}")

# Draws how costs grow: gnuplot -c bench/growth.gnuplot DATA SVG. A curve is a block of DATA: title, then size and cost.
set terminal svg size 800,480 font "sans-serif,14" background "white"
set output ARG2
set title "CPU time of one, relative to the first point of its curve"
set logscale x
set format x "%.0s%c"
set xlabel "calls in flight, orders of a walk, connections"
set yrange [0:*]
set grid
set key bottom left
set style data linespoints
stats ARG1 using 0 nooutput
plot for [i = 0:STATS_blocks - 1] first = NaN ARG1 index i using 1:(first = $0 == 0 ? $2 : first, $2 / first) \
    linewidth 2 pointtype 7 pointsize 0.6 title columnheader(1)

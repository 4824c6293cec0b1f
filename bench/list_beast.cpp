// The unit for typed calls: a loop of Beast whose answers Boost.JSON reads, mapped by hand.
#include "beast_loop.hpp"
#include "boost_page.hpp"
#include "page_check.hpp"

int main(int count, char** values) {
    bench::page_check check;
    bench::beast_loop(count, values, [&check](const std::string& body) { check.see(bench::boost_page(body)); });
}

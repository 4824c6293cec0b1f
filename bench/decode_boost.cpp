// Boost.JSON.
#include "boost_page.hpp"
#include "decode_loop.hpp"

int main(int count, char** values) {
    return bench::decode_loop(count, values,
                              [](const std::string& text) { return [&text] { return bench::boost_page(text); }; });
}

// The unit: a loop of Beast whose answers nobody looks at.
#include "beast_loop.hpp"

int main(int count, char** values) {
    bench::beast_loop(count, values, [](const std::string&) {});
}

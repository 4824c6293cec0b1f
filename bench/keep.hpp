// A promise to the compiler that somebody looks at a value, so that the work of making it is done.
#pragma once

namespace bench {

template <class T>
void keep(const T& value) noexcept {
    asm volatile("" : : "r"(&value) : "memory");
}

}  // namespace bench

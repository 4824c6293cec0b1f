// Texts that are nearly right.
#pragma once

#include <cstddef>
#include <string>

namespace cubicasa::test {

// Up to three places of it changed: erased, repeated, overwritten, or changed by `change(text, place)`. `most`: so many
// bytes at once.
inline std::string spoiled(std::string text, auto& random, std::size_t most, const auto& change) {
    const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    for (std::size_t changes = 1 + below(3); changes > 0 && !text.empty(); --changes) {
        const std::size_t at = below(text.size());
        switch (below(4)) {
            case 0:
                text.erase(at, 1 + below(most));
                break;
            case 1:
                text.insert(at, text.substr(below(text.size()), below(most)));
                break;
            case 2:
                text[at] = static_cast<char>(random());
                break;
            default:
                change(text, at);
        }
    }
    return text;
}

}  // namespace cubicasa::test

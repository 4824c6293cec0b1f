// outcome<T>: what became of one item of a batch.
#pragma once

#include <cubicasa/result.hpp>

#include <cstddef>
#include <string>

namespace cubicasa {

template <class T>
struct outcome {
    std::size_t index = 0;  // of the item, in the order of the source, from 0
    std::string id;         // the item's member `id`, or the item itself if it is a text; else empty
    cubicasa::result<T> result;
};

}  // namespace cubicasa

// Marks that somebody waits, of whom there is one at a time.
#pragma once

namespace cubicasa::detail {

class turn {
public:
    explicit turn(bool& taken) : taken_(taken) { taken_ = true; }
    ~turn() { taken_ = false; }
    turn(const turn&) = delete;
    turn& operator=(const turn&) = delete;

private:
    bool& taken_;
};

}  // namespace cubicasa::detail

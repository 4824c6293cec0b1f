// The arguments of a command as they were given, checked but not converted. Standard library only.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace cubicasa::cli {

// What is wrong with the arguments, as a sentence: exit status 2.
class usage_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// By the name of the parameter: "--status", "ID". A flag that was given has the value "true".
class arguments {
public:
    void add(const std::string& name, std::string value) { values_[name].push_back(std::move(value)); }

    bool has(std::string_view name) const { return values_.find(name) != values_.end(); }
    const std::vector<std::string>& all(std::string_view name) const;
    // The last one; empty if there is none.
    std::string text(std::string_view name) const;
    std::optional<std::int64_t> integer(std::string_view name) const;
    std::optional<double> number(std::string_view name) const;

private:
    std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

}  // namespace cubicasa::cli

// Records as a table, and one record as a list of its members, for people. Includes no JSON in its interface.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cubicasa::cli {

// The widths of the columns follow from the records that are there at the first take(); later ones keep to them.
class table {
public:
    // `columns`: members by their path, "info.status". `width`: of the terminal, 0 if there is none.
    table(std::vector<std::string> columns, std::size_t width, bool colours);

    // `record` is JSON.
    void add(std::string_view record);
    std::size_t waiting() const noexcept { return rows_.size(); }
    // The lines of what was added since, with the titles above the first ones.
    std::string take();

private:
    using row = std::vector<std::string>;

    void print(const row& cells, std::string& out) const;

    std::vector<std::string> columns_;
    std::size_t width_;
    bool colours_;
    std::vector<row> rows_;
    std::vector<std::size_t> widths_;
};

// A line for each member that has a value: "info.status  Ready". JSON that is no object as it is.
std::string as_list(std::string_view document);

}  // namespace cubicasa::cli

// Where pages begin and end, in each style of paging.
#include "paging.hpp"

#include <algorithm>
#include <limits>

namespace cubicasa::testing::detail {

void page_query::read(const std::string& name, std::string_view value, complaints& errors) {
    const auto integer = [&](std::int64_t& out, std::int64_t least, std::string_view complaint) {
        const auto number = parse_integer(value);
        if (!number) return errors.add(name, "value is not a valid integer");
        if (*number < least) return errors.add(name, complaint);
        out = *number;
    };
    if (name == "limit") integer(limit, 1, "ensure this value is greater than 0");
    if (name == "offset") integer(offset, 0, "ensure this value is greater than or equal to 0");
}

page_query read_page_query(std::string_view query) {
    page_query out;
    complaints errors("query_params");
    for (const auto& [name, value] : parse_query(query)) out.read(name, value, errors);
    refuse_if(errors);
    return out;
}

page_window make_window(const page_query& query, const sandbox_options& options) {
    const auto most = static_cast<std::int64_t>(std::max<std::size_t>(options.page_limit_max, 1));
    const std::int64_t limit = std::min(query.limit, most);
    const std::int64_t offset = std::min(query.offset, std::numeric_limits<std::int64_t>::max() / 2);
    std::int64_t start = offset;
    page_window out;
    out.next_offset = offset + limit;
    if (options.paging == paging_style::from_one) {
        start = std::max<std::int64_t>(offset, 1) - 1;
        out.next_offset = start + 1 + limit;
    } else if (options.paging == paging_style::skipping) {
        ++out.next_offset;
    }
    out.start = static_cast<std::uint64_t>(start);
    out.limit = static_cast<std::uint64_t>(limit);
    out.previous_offset = std::max<std::int64_t>(offset - limit, 0);
    return out;
}

answer make_page(const page_window& window, std::string_view items, bool more) {
    answer out;
    out.body.reserve(items.size() + 128);
    out.body.append("{\"pagination\":{\"has_more\":").append(more ? "true" : "false");
    out.body.append(",\"limit\":").append(std::to_string(window.limit));
    out.body.append(",\"next_offset\":").append(std::to_string(window.next_offset));
    out.body.append(",\"previous_offset\":").append(std::to_string(window.previous_offset));
    out.body.append("},\"items\":[").append(items).append("]}");
    return out;
}

}  // namespace cubicasa::testing::detail

// Where a walk over a list stands, to be kept as text and taken up by another process, with the same query: its `limit`
// is part of it.
#pragma once

#include <cubicasa/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace cubicasa {

// A walk that goes on from a cursor asks for the cursor's page again and continues behind the record that was handed
// out last. If that record is no longer on the page, the whole page is handed out: rather twice than never.
class cursor {
public:
    cursor() {}

    // One line of printable ASCII. Holds offsets and the id of an order; no secret.
    std::string text() const;

    // errc::invalid_cursor for anything that text() did not write.
    static result<cursor> parse(std::string_view text);

    std::int64_t offset = 0;    // of the page
    std::int64_t consumed = 0;  // records of that page that were handed out
    std::uint64_t query = 0;    // tells queries apart; 0: none yet
    std::string last_id;        // of the record handed out last on that page

    friend bool operator==(const cursor&, const cursor&) = default;
};

}  // namespace cubicasa

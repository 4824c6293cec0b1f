// The sandbox's orders, in memory. Includes Boost.JSON.
#pragma once

#include "generated_order.hpp"

#include <boost/json/object.hpp>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cubicasa::testing::detail {

// An order is a number that its text is made from, until it is changed: then it is a document.
struct stored_order {
    std::string id;
    std::string status;
    std::int64_t created_at = 0;
    std::uint64_t number = 0;
    std::size_t owner = 0;  // an index of accounts
    unsigned delivery = 0;
    std::unique_ptr<boost::json::object> document;
    std::string listed;  // a document's text in lists
};

struct order_filter {
    std::vector<std::string> status;  // any of these; none: any
    std::optional<std::int64_t> created_before;
    std::optional<std::int64_t> created_after;
    std::optional<std::string> user_email;
    std::optional<std::string> user_id;
    std::optional<std::string> office;
    std::optional<std::string> office_id;
};

class order_store {
public:
    // `files_url` is what addresses of files begin with.
    order_store(std::size_t generated, bool examples, std::string files_url);

    // Appends up to `limit` list items, separated by commas, that follow the first `start` ones; true if there are
    // more behind them.
    bool append_page(std::string& out, const order_filter& filter, std::uint64_t start, std::uint64_t limit) const;

    stored_order* find(std::string_view id);
    void append_text(std::string& out, const stored_order& order) const;
    std::vector<std::string> ids() const;

    // Adds or replaces; throws std::invalid_argument.
    stored_order& put(boost::json::object document);
    void set_status(stored_order& order, std::string_view status);
    // Gives the files of a delivered order new addresses, where they are ours.
    void redeliver(stored_order& order);

    // For changes: the order as a document. After the change call changed().
    boost::json::object& document(stored_order& order) const;
    void changed(stored_order& order) const;

    // Unused so far, and later than every other one.
    std::string new_id();
    std::int64_t new_time() const;

    const std::string& files_url() const noexcept { return files_url_; }

private:
    generated_order view(const stored_order& order) const;
    stored_order& insert(stored_order order);
    void place(stored_order& order);
    bool passes(const stored_order& order, const order_filter& filter) const;
    std::size_t account_of(std::string_view email);
    boost::json::value new_assets(stored_order& order) const;

    std::string files_url_;
    std::vector<account> accounts_;
    std::deque<stored_order> orders_;  // never moved: by_id_ refers to their ids
    std::unordered_map<std::string_view, stored_order*> by_id_;
    std::vector<stored_order*> newest_first_;
    std::uint64_t ids_made_ = 0;
};

}  // namespace cubicasa::testing::detail

// The sandbox's orders, in memory. Includes Boost.JSON.
#pragma once

#include "generated_order.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cubicasa::testing::detail {

struct change_request {
    std::string id;
    std::string text;
    std::vector<std::string> img_urls;
    std::int64_t sent_at = 0;
};

// An order is a number that its text is made from, until it is changed: then it is a document.
struct stored_order {
    std::string id;
    std::string status;
    std::int64_t created_at = 0;
    std::uint64_t number = 0;
    std::size_t creator = 0;  // an index of the store's e-mail addresses
    delivery_state delivery;
    unsigned moves = 0;          // how often the status has changed
    bool in_production = false;  // created or moved by a request
    std::unique_ptr<boost::json::object> document;
    std::string listed;                           // a document's text in lists
    std::vector<change_request> change_requests;  // oldest first
};

// What a webhook tells, and production goes on from.
struct status_change {
    std::string id;
    std::string current;
    std::optional<std::string> previous;  // unset: the order is new
    std::optional<std::string> model_id;
    unsigned moves = 0;
    bool in_production = false;
};

struct order_filter {
    std::vector<std::string> status;  // any of these; none: any
    std::optional<std::int64_t> created_before;
    std::optional<std::int64_t> created_after;
    std::optional<std::vector<std::string>> created_by;  // any of these addresses
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

    // Adds or replaces, without anybody being told; throws std::invalid_argument.
    stored_order& put(boost::json::object document);
    // Adds what a request has made.
    stored_order& add(boost::json::object document);
    void remove(const stored_order& order);
    // An order that is delivered gets files; after a fix these have new addresses.
    void set_status(stored_order& order, std::string_view status);
    // Gives the files of a delivered order new addresses, where they are ours.
    void redeliver(stored_order& order);
    // Gives them new addresses of the same files.
    void renew_links(stored_order& order);
    // Takes the user's name off all orders.
    void forget_creator(std::string_view email);

    // The changes since the last call.
    std::vector<status_change> take_changes();

    // For changes: the order as a document. After the change call changed().
    boost::json::object& document(stored_order& order) const;
    void changed(stored_order& order);
    // After a change of the package: files that fit it, where they are ours. Wants changed() as well.
    void renew_files(stored_order& order) const;

    // Unused so far, and later than every other one.
    std::string new_id();
    std::int64_t new_time() const;

    const std::string& files_url() const noexcept { return files_url_; }

private:
    generated_order view(const stored_order& order) const;
    stored_order& insert(stored_order order);
    void place(stored_order& order);
    bool passes(const stored_order& order, const order_filter& filter, const std::vector<bool>& creators) const;
    std::size_t creator_of(std::string_view email);
    boost::json::value new_assets(stored_order& order) const;
    void note_change(stored_order& order, std::optional<std::string> previous);

    std::string files_url_;
    std::vector<std::string> creators_{std::string()};  // the first is nobody
    std::list<stored_order> orders_;                    // never moved: the index refers to their ids
    std::unordered_map<std::string_view, std::list<stored_order>::iterator> by_id_;
    std::vector<stored_order*> newest_first_;
    std::vector<status_change> changes_;
    std::uint64_t ids_made_ = 0;
};

// What production makes of an order in this state; empty: nothing.
std::string_view next_status(std::string_view status) noexcept;

}  // namespace cubicasa::testing::detail

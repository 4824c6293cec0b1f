// See the header.
#include "ids.hpp"

#include "lines.hpp"

#include <cubicasa/generate.hpp>

#include <unistd.h>

#include <deque>
#include <memory>
#include <utility>

namespace cubicasa::cli {

namespace {

// Takes them one by one off a list.
class listed_ids {
public:
    explicit listed_ids(const std::vector<std::string>& ids) : ids_(ids.begin(), ids.end()) {}

    asio::awaitable<std::optional<std::string>> operator()() {
        std::optional<std::string> out;
        if (!ids_.empty()) {
            out = std::move(ids_.front());
            ids_.pop_front();
        }
        co_return out;
    }

private:
    std::deque<std::string> ids_;
};

}  // namespace

async_generator<std::string> chosen_ids(session& s, const arguments& given) {
    if (given.has("ID")) return generate<std::string>(listed_ids(given.all("ID")));
    if (::isatty(STDIN_FILENO) == 1) throw usage_error("no ID was given; ids may also come from standard input");
    const auto lines = std::make_shared<line_reader>(s.context, STDIN_FILENO);
    return generate<std::string>([lines] { return lines->next(); });
}

}  // namespace cubicasa::cli

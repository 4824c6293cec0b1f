// orders download and orders combined-pdf: what was delivered, as files.
#include "../files.hpp"
#include "../ids.hpp"
#include "../json_text.hpp"
#include "../progress.hpp"
#include "../tally.hpp"
#include "order_filter.hpp"
#include "parts.hpp"

#include <cubicasa/batch.hpp>
#include <cubicasa/download_assets.hpp>

#include <filesystem>
#include <iterator>
#include <memory>

namespace cubicasa::cli {

namespace {

namespace fs = std::filesystem;

const std::vector<std::string> report_columns{"id", "folder", "fetched", "skipped", "failed"};

// The names of all kinds, in their order.
const std::vector<std::string>& kind_names() {
    static const std::vector<std::string> all = [] {
        std::vector<std::string> out;
        for (int k = 0; k <= static_cast<int>(asset_kind::property_data); ++k) {
            out.emplace_back(to_string(static_cast<asset_kind>(k)));
        }
        return out;
    }();
    return all;
}

std::vector<asset_kind> chosen_kinds(const arguments& given) {
    std::vector<asset_kind> out;
    for (const std::string& name : given.all("--kind")) {
        const auto found = std::find(kind_names().begin(), kind_names().end(), name);
        if (found == kind_names().end()) throw usage_error("--kind: there is no such kind of file: " + name);
        out.push_back(static_cast<asset_kind>(std::distance(kind_names().begin(), found)));
    }
    return out;
}

json::string text_of_path(const fs::path& p) { return json::string(p.string()); }

std::string as_json(const assets_report& r, const fs::path& folder) {
    json::array fetched;
    for (const auto& f : r.fetched) {
        fetched.push_back(json::object{{"kind", to_string(f.what.kind)},
                                       {"path", text_of_path(f.file.path)},
                                       {"bytes", f.file.bytes},
                                       {"sha256", f.file.sha256}});
    }
    json::array skipped;
    for (const auto& f : r.skipped) {
        skipped.push_back(
            json::object{{"kind", to_string(f.what.kind)}, {"path", text_of_path(f.path)}, {"bytes", f.bytes}});
    }
    json::array failed;
    for (const auto& f : r.failed) {
        failed.push_back(json::object{
            {"kind", to_string(f.what.kind)}, {"path", text_of_path(f.path)}, {"message", f.why.describe()}});
    }
    return json::serialize(json::object{{"id", r.order_id},
                                        {"folder", text_of_path(folder)},
                                        {"fetched", std::move(fetched)},
                                        {"skipped", std::move(skipped)},
                                        {"failed", std::move(failed)}});
}

// What was asked for, order by order.
class order_downloads {
public:
    order_downloads(session& s, const arguments& given)
        : session_(s), to_(given.text("--to")), board_(s.err), tally_(s) {
        how_.kinds = chosen_kinds(given);
        if (s.settings.attempts) how_.each.max_attempts = *s.settings.attempts;
        how_.each.total = s.settings.timeout;
        how_.each.progress = [this](const download_progress& p) { board_.note(p); };
    }

    template <class Source>
    asio::awaitable<exit_status> run(Source items) {
        auto fetch = [this](auto item) { return download(std::move(item)); };
        auto reports = for_each_bounded(std::move(items), in_flight(session_.in_flight(4)), fetch);
        const on_interrupt stop(session_, [&] { reports.request_stop(); });
        for (;;) {
            const auto next = co_await reports.try_next();
            if (!next && session_.interrupted) break;
            if (!next) throw failure(next.error());
            if (!*next) break;
            const std::optional<error> last = take(**next);
            if (!last) continue;
            tally_.ended_by(*last);
            reports.request_stop();
        }
        session_.out.finish();
        co_return tally_.status();
    }

private:
    asio::awaitable<assets_report> download(std::string id) {
        order of;
        of.id = std::move(id);
        return download(std::move(of));
    }
    asio::awaitable<assets_report> download(order of) {
        fs::path folder = to_ / folder_name(of);
        return async_download_assets(session_.api(), std::move(of), std::move(folder), how_);
    }

    // An error after which no other order need be tried.
    std::optional<error> take(const outcome<assets_report>& o) {
        if (!o.result) {
            tally_.failed(o.result.error(), o.id);
            return tally::ends_all(o.result.error()) ? std::optional(o.result.error()) : std::nullopt;
        }
        order of;
        of.id = o.result->order_id;
        const fs::path folder = to_ / folder_name(of);
        board_.order_ended(folder, o.result->fetched.size() + o.result->skipped.size());
        session_.out.record(as_json(*o.result, folder), report_columns);
        std::optional<error> last;
        if (o.result->fetched.empty() && o.result->skipped.empty() && o.result->complete()) {
            session_.err.note(o.result->order_id + ": there are no such files (yet)");
        }
        for (const failed_asset& f : o.result->failed) {
            tally_.failed(f.why, o.result->order_id);
            if (tally::ends_all(f.why)) last = f.why;
        }
        if (o.result->complete()) {
            tally_.succeeded();
        } else if (!o.result->fetched.empty() || !o.result->skipped.empty()) {
            tally_.succeeded_in_part();
        }
        return last;
    }

    session& session_;
    fs::path to_;
    assets_options how_;
    download_board board_;
    tally tally_;
};

asio::awaitable<exit_status> download_orders(session& s, const arguments& given) {
    std::error_code ec;
    fs::create_directories(given.text("--to"), ec);
    if (ec) throw failure(error(error_code(ec.value(), boost::system::generic_category()), given.text("--to")));
    order_downloads downloads(s, given);
    exit_status out{};
    if (given.has("--ready")) {
        if (given.has("ID")) throw usage_error("either ids or --ready");
        list_orders query = order_filter(given);
        query.status = {order_status::ready};
        query.limit = 100;
        paging how;
        how.overlap = 1;
        out = co_await downloads.run(s.api().orders().list(query, how));
    } else {
        for (const parameter& p : order_filter_parameters(false)) {
            if (given.has(p.name)) throw usage_error(p.name + ": only with --ready");
        }
        out = co_await downloads.run(chosen_ids(s, given));
    }
    co_return out;
}

asio::awaitable<exit_status> fetch_combined_pdf(session& s, const arguments& given) {
    const std::string to = given.text("--to");
    const combined_pdf pdf = co_await s.api().orders().combined_pdf(given.text("ID"));
    if (to.empty()) {
        if (pdf.url.empty()) throw usage_error("the service has sent the document itself: give --to FILE");
        s.out.document(json::serialize(json::object{{"url", pdf.url}}));
        co_return exit_status::done;
    }
    std::uint64_t size = pdf.bytes.size();
    if (pdf.url.empty()) {
        replace_file(to, pdf.bytes);
    } else {
        download_options how;
        how.total = s.settings.timeout;
        const downloaded file = co_await async_download(s.api(), pdf.url, to, how);
        size = file.bytes;
    }
    s.out.document(json::serialize(json::object{{"path", to}, {"bytes", size}}));
    co_return exit_status::done;
}

}  // namespace

std::vector<command> order_file_commands() {
    std::vector<parameter> parameters{
        {"ID", "ID", "Which orders; without, the lines of standard input", kind::text, false, true},
        {"--ready", "", "All orders that are ready", kind::flag},
        {"--to", "DIR", "Where the orders get folders of their own", kind::folder, true},
        {"--kind", "KIND", "Only such files; may be given several times", kind::text, false, true, {}, kind_names()},
    };
    for (parameter& p : order_filter_parameters(false)) {
        p.help += " (with --ready)";
        parameters.push_back(std::move(p));
    }
    return {
        {"orders", "download", "The files of orders",
         "What is complete and not delivered anew is not fetched again; what was cut off goes on where it ended.",
         "cubicasa orders download --ready --to plans", std::move(parameters), download_orders},
        {"orders",
         "combined-pdf",
         "One PDF with all floor plans of an order, or the link to it",
         "",
         "cubicasa orders combined-pdf 312babc6-e742-4d54-ac49-e0f7b16ec15a --to plans.pdf",
         {id_parameter("ID", "Which"), {"--to", "FILE", "Write it there", kind::file}},
         fetch_combined_pdf},
    };
}

}  // namespace cubicasa::cli

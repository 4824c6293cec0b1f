// The public face of the server, and the file with its authority's certificate.
#include <cubicasa/testing/sandbox.hpp>

#include "json_text.hpp"
#include "server.hpp"

#include <boost/json/parse.hpp>

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace json = boost::json;

namespace cubicasa::testing {

namespace {

// A file that goes with this object.
class temporary_file {
public:
    explicit temporary_file(std::string_view content) {
        path_ = (std::filesystem::temp_directory_path() / "cubicasa-sandbox-ca-XXXXXX").string();
        const int descriptor = ::mkstemp(path_.data());
        if (descriptor == -1) throw std::system_error(errno, std::generic_category(), path_);
        while (!content.empty()) {
            const ssize_t written = ::write(descriptor, content.data(), content.size());
            if (written <= 0) break;
            content.remove_prefix(static_cast<std::size_t>(written));
        }
        ::close(descriptor);
        if (content.empty()) return;
        ::unlink(path_.c_str());
        throw std::system_error(ENOSPC, std::generic_category(), path_);
    }
    ~temporary_file() { ::unlink(path_.c_str()); }
    temporary_file(const temporary_file&) = delete;
    temporary_file& operator=(const temporary_file&) = delete;

    const std::string& path() const noexcept { return path_; }

private:
    std::string path_;
};

detail::stored_order& need(detail::order_store& orders, std::string_view id) {
    detail::stored_order* const found = orders.find(id);
    if (found == nullptr) throw std::out_of_range("sandbox: no order " + std::string(id));
    return *found;
}

}  // namespace

std::string_view recorded_request::header(std::string_view name) const noexcept {
    for (const auto& [field, value] : headers) {
        if (detail::same_name(field, name)) return value;
    }
    return {};
}

class sandbox::impl {
public:
    explicit impl(const sandbox_options& options)
        : api_key(options.api_key), server(options), ca_file(server.ca_pem()) {}

    std::string api_key;
    detail::server server;
    temporary_file ca_file;
};

sandbox::sandbox(sandbox_options options) : impl_(std::make_unique<impl>(options)) {}

sandbox::~sandbox() = default;

std::string sandbox::base_url() const { return impl_->server.origin() + std::string(detail::base_path); }

unsigned short sandbox::port() const noexcept { return impl_->server.port(); }

std::string sandbox::ca_pem() const { return impl_->server.ca_pem(); }

std::string sandbox::ca_file() const { return impl_->ca_file.path(); }

client_config sandbox::config() const {
    client_config out;
    out.base_url = base_url();
    out.api_key = impl_->api_key;
    out.tls.ca_pem = ca_pem();
    return out;
}

void sandbox::inject(fault f) {
    impl_->server.with_state([&](detail::script& s, detail::sandbox_state&) { s.add(std::move(f)); });
}

void sandbox::clear_faults() {
    impl_->server.with_state([](detail::script& s, detail::sandbox_state&) { s.clear(); });
}

void sandbox::close_idle_connections() { impl_->server.close_idle(); }

sandbox_stats sandbox::stats() const { return impl_->server.stats(); }

std::vector<recorded_request> sandbox::requests() const { return impl_->server.requests(); }

std::vector<webhook_call> sandbox::webhook_calls() const { return impl_->server.webhook_calls(); }

std::vector<std::string> sandbox::order_ids() const {
    return impl_->server.with_state([](detail::script&, detail::sandbox_state& state) { return state.orders.ids(); });
}

std::string sandbox::order_json(std::string_view id) const {
    return impl_->server.with_state([&](detail::script&, detail::sandbox_state& state) {
        std::string out;
        state.orders.append_text(out, need(state.orders, id));
        return out;
    });
}

void sandbox::put_order(std::string_view text) {
    boost::system::error_code wrong;
    json::value order = json::parse(json::string_view(text.data(), text.size()), wrong);
    if (wrong || !order.is_object()) throw std::invalid_argument("sandbox: an order is a JSON object");
    impl_->server.with_state(
        [&](detail::script&, detail::sandbox_state& state) { state.orders.put(std::move(order.get_object())); });
}

void sandbox::set_status(std::string_view id, std::string_view status) {
    impl_->server.with_state([&](detail::script&, detail::sandbox_state& state) {
        state.orders.set_status(need(state.orders, id), status);
    });
}

std::uint64_t sandbox::file_size(std::string_view name) const {
    return detail::file_store().find(detail::file_name(name)).bytes.size();
}

std::string sandbox::file_bytes(std::string_view name, std::uint64_t offset, std::uint64_t size) const {
    const detail::stored_file found = impl_->server.with_state(
        [&](detail::script&, detail::sandbox_state& state) { return state.files.find(detail::file_name(name)); });
    const detail::file_slice wanted = found.bytes.part(offset, size);
    std::string out(static_cast<std::size_t>(wanted.size()), '\0');
    wanted.copy(out.data(), out.size());
    return out;
}

void sandbox::change_file(std::string_view name) {
    impl_->server.with_state(
        [&](detail::script&, detail::sandbox_state& state) { state.files.change(detail::file_name(name)); });
}

void sandbox::remove_file(std::string_view name, int status) {
    impl_->server.with_state([&](detail::script&, detail::sandbox_state& state) {
        state.files.set_status(detail::file_name(name), status);
    });
}

void sandbox::expire_files(std::string_view order_id) {
    impl_->server.with_state([&](detail::script&, detail::sandbox_state& state) {
        detail::stored_order& order = need(state.orders, order_id);
        state.orders.renew_links(order);
        const std::string query = detail::link_query(order.delivery);
        state.files.expire(detail::files_folder(order.id, order.delivery), query);
        state.files.expire(order.id, query);
    });
}

void sandbox::restore_file(std::string_view name) { remove_file(name, 200); }

}  // namespace cubicasa::testing

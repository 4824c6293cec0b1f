// See the header.
#include "session.hpp"

#include "attempt_log.hpp"

namespace cubicasa::cli {

session::session(asio::io_context& c, const command& what, const arguments& global)
    : context(c),
      running(what),
      settings(global),
      err(settings),
      out(c, settings, err),
      background(1),
      global_(global) {}

session::~session() {
    if (api_) api_->close();
    background.stop();
    background.join();
}

const client& session::api() {
    if (!api_) {
        client_config config = make_config(global_);
        err.hide(config.api_key);
        if (settings.verbose) config.observer = log_attempts(err, raw_path);
        api_.emplace(background.get_executor(), std::move(config));
    }
    return *api_;
}

}  // namespace cubicasa::cli

// Everything that the sandbox keeps for its operations. Includes Boost.JSON.
#pragma once

#include "files.hpp"
#include "order_store.hpp"
#include "user_store.hpp"
#include "webhook_event.hpp"

#include <cubicasa/testing/sandbox.hpp>

namespace cubicasa::testing::detail {

struct sandbox_state {
    sandbox_state(const sandbox_options& o, std::string files_url)
        : options(o), orders(o.orders, o.examples, std::move(files_url)) {}

    const sandbox_options options;
    order_store orders;
    user_store users;
    webhook_settings webhooks;
    file_store files;
};

}  // namespace cubicasa::testing::detail

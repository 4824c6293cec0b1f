// A user's test: a program that has the sandbox in its own process.
#include <cubicasa/cubicasa.hpp>
#include <cubicasa/testing/sandbox.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

int main() {
    boost::asio::io_context context;
    const cubicasa::testing::sandbox server;
    const cubicasa::client api(context.get_executor(), server.config());
    auto order = api.orders().get("312babc6-e742-4d54-ac49-e0f7b16ec15a", boost::asio::use_future);
    context.run();
    return order.get().info.status == cubicasa::order_status::ready ? 0 : 1;
}

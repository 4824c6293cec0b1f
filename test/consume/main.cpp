// The first program of README.md, word for word, built as a user builds it.
#include <boost/asio.hpp>
#include <cubicasa/cubicasa.hpp>
#include <iostream>
boost::asio::awaitable<void> show(std::string id) {
    const cubicasa::client api(co_await boost::asio::this_coro::executor, cubicasa::client_config::from_env());
    const cubicasa::order order = co_await api.orders().get(id);
    std::cout << order.info.status << ": " << order.address.full_address << '\n';
}
int main(int count, char** arguments) {
    boost::asio::thread_pool threads(1);
    boost::asio::co_spawn(threads, show(count > 1 ? arguments[1] : ""), boost::asio::use_future).get();
}

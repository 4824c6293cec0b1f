// Prints all orders that are ready and keeps its place in a file: when it is stopped, the next run goes on from there.
//
//     CUBICASA_API_KEY=... 2_walk place.txt
#include <cubicasa/cubicasa.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>

namespace asio = boost::asio;

namespace {

// The beginning, if there is no such file. Throws `failure` when it holds no cursor.
cubicasa::cursor load(const std::string& file) {
    std::string text;
    if (!std::getline(std::ifstream(file), text)) return cubicasa::cursor();
    return cubicasa::cursor::parse(text).value();
}

// At any time the file is whole: the old one or the new one.
void save(const cubicasa::cursor& place, const std::string& file) {
    const std::string fresh = file + ".new";
    if (!(std::ofstream(fresh) << place.text() << '\n').flush()) throw std::runtime_error("cannot write " + fresh);
    std::filesystem::rename(fresh, file);
}

asio::awaitable<void> print_ready_orders(cubicasa::client api, std::string file) {
    cubicasa::list_orders query;
    query.status = {cubicasa::order_status::ready};

    auto walk = api.orders().list(query, load(file));
    while (auto order = co_await walk.next()) {
        std::cout << order->id << "  " << order->address.full_address << std::endl;
        save(walk.position(), file);  // behind this order, so after its work is done
    }
    std::filesystem::remove(file);
}

void rethrow(std::exception_ptr e) {
    if (e) std::rethrow_exception(e);
}

}  // namespace

int main(int count, char** arguments) try {
    if (count != 2) {
        std::cerr << "usage: 2_walk FILE\n";
        return 2;
    }
    asio::io_context context;
    const cubicasa::client api(context.get_executor(), cubicasa::client_config::from_env());
    asio::co_spawn(context, print_ready_orders(api, arguments[1]), rethrow);
    context.run();  // returns after the last call
    return 0;
} catch (const std::exception& e) {
    std::cerr << "2_walk: " << e.what() << '\n';
    return 1;
}

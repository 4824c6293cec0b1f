// Sends any request, for what the library has no operation for, and prints the answer's body.
//
//     CUBICASA_API_KEY=... 6_raw_call POST /orders/ID/change-requests '{"text": "The door is on the left."}'
#include <cubicasa/cubicasa.hpp>

#include <boost/asio/io_context.hpp>

#include <iostream>
#include <string>

int main(int count, char** arguments) try {
    if (count < 3) {
        std::cerr << "usage: 6_raw_call METHOD PATH [JSON]\n";
        return 2;
    }
    boost::asio::io_context context;
    const cubicasa::client api(context.get_executor(), cubicasa::client_config::from_env());
    cubicasa::raw_request request(arguments[1], arguments[2]);
    if (count > 3) request.body = arguments[3];

    int status = 1;
    api.start(request, cubicasa::call_options(), [&](cubicasa::result<cubicasa::raw_response> answer) {
        if (!answer) {
            std::cerr << answer.error() << '\n';
            return;
        }
        std::cout << answer->body << '\n';
        status = answer->status < 300 ? 0 : 1;
    });
    context.run();
    return status;
} catch (const std::exception& e) {
    std::cerr << "6_raw_call: " << e.what() << '\n';
    return 1;
}

// The head of a message is limited as a whole, however it comes.
#include <net/response_parser.hpp>
#include <webhook/event_request.hpp>

#include <boost/beast/http/error.hpp>
#include <boost/test/unit_test.hpp>

namespace http = boost::beast::http;

namespace {

// Line by line, each with the next one's first letter, by which the parser knows that it is whole: it then takes the
// line, and its own limit is for what it has not taken. What goes wrong, if anything does.
template <class Parser>
boost::system::error_code put_lines(Parser& parser, const std::string& first, int lines) {
    boost::system::error_code ec;
    std::string input = first + 'X';
    for (int i = 0; i < lines && (!ec || ec == http::error::need_more); ++i) {
        input.erase(0, parser.put(boost::asio::buffer(input), ec));
        input += "-Line: and another one\r\nX";
    }
    return ec;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(head_limits)

BOOST_AUTO_TEST_CASE(a_request_with_lines_without_end_is_refused) {
    cubicasa::detail::event_request request(8 * 1024);
    BOOST_TEST((put_lines(request, "POST / HTTP/1.1\r\n", 10'000) == http::error::header_limit));
}

BOOST_AUTO_TEST_CASE(a_request_with_many_lines_within_the_limit_is_taken) {
    cubicasa::detail::event_request request(8 * 1024);
    BOOST_TEST((put_lines(request, "POST / HTTP/1.1\r\n", 200) == http::error::need_more));
}

BOOST_AUTO_TEST_CASE(an_answer_with_lines_without_end_is_refused) {
    cubicasa::limit_options limits;
    cubicasa::detail::response_parser answer(limits, false);
    BOOST_TEST((put_lines(answer, "HTTP/1.1 200 OK\r\n", 100'000) == http::error::header_limit));
}

BOOST_AUTO_TEST_CASE(an_answer_whose_status_is_none_is_refused) {
    cubicasa::limit_options limits;
    cubicasa::detail::response_parser answer(limits, false);
    boost::system::error_code ec;
    answer.put(boost::asio::buffer(std::string("HTTP/1.1 000 X\r\nContent-Length: 0\r\n\r\n")), ec);
    BOOST_TEST((ec == http::error::bad_status));
}

BOOST_AUTO_TEST_SUITE_END()

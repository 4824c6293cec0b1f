// See the header.
#include <cubicasa/detail/callback_error.hpp>

#include <boost/system/system_error.hpp>

#include <new>
#include <system_error>

namespace cubicasa::detail {

namespace {

// Boost keeps the categories of the standard library apart from its own, to which conditions belong.
error_code ours(const std::error_code& code) {
    if (code.category() == std::generic_category()) return {code.value(), boost::system::generic_category()};
    if (code.category() == std::system_category()) return {code.value(), boost::system::system_category()};
    return code;
}

}  // namespace

error error_of(const std::exception_ptr& thrown) {
    constexpr auto unknown = delivery::maybe_processed;
    try {
        std::rethrow_exception(thrown);
    } catch (const failure& f) {
        return f.details();
    } catch (const boost::system::system_error& e) {
        return error(e.code(), e.what(), unknown);
    } catch (const std::system_error& e) {
        return error(ours(e.code()), e.what(), unknown);
    } catch (const std::bad_alloc& e) {
        return error(errc::out_of_resources, e.what(), unknown);
    } catch (const std::exception& e) {
        return error(errc::callback_failed, e.what(), unknown);
    } catch (...) {
        return error(errc::callback_failed, "an exception that is no std::exception", unknown);
    }
}

}  // namespace cubicasa::detail

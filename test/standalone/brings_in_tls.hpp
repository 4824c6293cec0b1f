// A header that the check of public headers must refuse.
#pragma once

#include <boost/asio/ssl/error.hpp>

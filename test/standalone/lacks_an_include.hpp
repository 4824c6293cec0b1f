// A header that the check of public headers must refuse.
#pragma once

inline std::string text;

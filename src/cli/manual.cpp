// See the header.
#include "manual.hpp"

#include "command.hpp"

namespace cubicasa::cli {

namespace {

// As plain text of a page: no character in it means anything to the formatter.
std::string as_roff(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '\\') {
            out += "\\e";
        } else if (c == '-') {
            out += "\\-";
        } else if (c == '\'' && (out.empty() || out.back() == '\n')) {
            out += "\\(aq";
        } else if (c == '.' && (out.empty() || out.back() == '\n')) {
            out += "\\&.";
        } else {
            out += c;
        }
    }
    return out;
}

std::string roff_name(const parameter& p) {
    std::string out = "\\fB" + as_roff(p.name) + "\\fR";
    if (p.is_option() && !p.value.empty()) out += " \\fI" + as_roff(p.value) + "\\fR";
    return out;
}

void add_parameters(const std::vector<parameter>& parameters, std::string& out) {
    for (const parameter& p : parameters) {
        out += ".TP\n" + roff_name(p) + "\n" + as_roff(p.help) + ".\n";
    }
}

constexpr const char* exit_statuses = R"(.SH EXIT STATUS
.TP
0
Done; also when the reader of standard output has gone.
.TP
1
The server answered, with an error or with something that is not the contract.
.TP
2
Wrong arguments, or no key. Nothing was sent.
.TP
3
No complete HTTP answer: network, TLS, not HTTP. Standard error says whether the server may have acted.
.TP
4
Out of time.
.TP
5
A file here cannot be read or written, standard output included.
.TP
6
Part of a batch failed.
.TP
130
Interrupted; standard error says what was done.
)";

constexpr const char* environment = R"(.SH ENVIRONMENT
.TP
.B CUBICASA_API_KEY
The key. It is never an argument, and in no output.
.TP
.B CUBICASA_BASE_URL
Where the API is.
.TP
.B CUBICASA_CA_FILE
The authorities to trust, in place of those of the system.
.TP
.B CUBICASA_WEBHOOK_TOKEN
For webhooks listen.
.TP
.B NO_COLOR
Print no colours.
)";

}  // namespace

std::string manual_page() {
    std::string out = ".TH CUBICASA 1\n.SH NAME\ncubicasa \\- order floor plans, follow them, and fetch them\n";
    out += ".SH SYNOPSIS\n.B cubicasa\n[\\fIOPTION\\fR]... \\fIGROUP COMMAND\\fR [\\fIARGUMENT\\fR]...\n";
    out +=
        ".SH DESCRIPTION\nA client of the CubiCasa Integrate API v3, not made by CubiCasa. Data go to standard "
        "output, all else to standard error. The API key is in\n.B CUBICASA_API_KEY\nor in a file that only you "
        "may read.\n";
    out += ".SH OPTIONS\nBefore the command or behind it.\n";
    add_parameters(global_parameters(), out);
    out += ".SH COMMANDS\n";
    for (const command& c : commands()) {
        out += ".SS " + as_roff((c.group.empty() ? "" : c.group + " ") + c.name) + "\n" + as_roff(c.summary) + ".\n";
        if (!c.details.empty()) out += as_roff(c.details) + "\n";
        add_parameters(c.parameters, out);
        out += ".PP\nExample:\n.PP\n.nf\n    " + as_roff(c.example) + "\n.fi\n";
    }
    return out + environment + exit_statuses;
}

}  // namespace cubicasa::cli

package cloud

import (
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"

	"hearth/core/yaml"
)

// The pure constraints on addresses and names follow
// heat/engine/constraint/common_constraints.py.

func anything(any, time.Time) string { return "" }

func ipAddress(value any, _ time.Time) string {
	if a, err := netip.ParseAddr(yaml.Str(value)); err != nil || a.Zone() != "" {
		return "Invalid IP address"
	}
	return ""
}

// macFormats are those of netaddr: six pairs, three quads, two halves, or bare.
var macFormats = regexp.MustCompile(`(?i)^(?:` + strings.Join([]string{
	`[0-9A-F]{1,2}(:[0-9A-F]{1,2}){5}`, `[0-9A-F]{1,2}(-[0-9A-F]{1,2}){5}`,
	`[0-9A-F]{1,4}(:[0-9A-F]{1,4}){2}`, `[0-9A-F]{1,4}(-[0-9A-F]{1,4}){2}`, `[0-9A-F]{1,4}(\.[0-9A-F]{1,4}){2}`,
	`[0-9A-F]{5,6}[:-][0-9A-F]{5,6}`, `[0-9A-F]{11,12}`,
}, "|") + `)$`)

func macAddress(value any, _ time.Time) string {
	if !macFormats.MatchString(yaml.Str(value)) {
		return "Invalid MAC address."
	}
	return ""
}

func netCIDR(value any, _ time.Time) string {
	text := yaml.Str(value)
	p, ok := parseNetwork(text)
	if !ok {
		return fmt.Sprintf("Invalid net cidr invalid IPNetwork %s ", text)
	}
	if strings.ContainsAny(text, " \t\n\r") {
		return fmt.Sprintf("'%s' is not a valid IP subnet", text)
	}
	if !strings.Contains(text, "/") || p.Addr().Is4() && p.String() != text {
		return fmt.Sprintf("'%s' isn't a recognized IP subnet cidr, '%s' is recommended", text, p.Masked())
	}
	return ""
}

func ipOrCIDR(value any, now time.Time) string {
	if ipAddress(value, now) == "" {
		return ""
	}
	return netCIDR(value, now)
}

// parseNetwork reads what netaddr.IPNetwork does: an address, perhaps with fewer than
// four parts, and behind a slash a length or a mask.
func parseNetwork(s string) (netip.Prefix, bool) {
	head, tail, hasTail := strings.Cut(s, "/")
	addr, err := netip.ParseAddr(head)
	if err != nil {
		parts := strings.Split(head, ".")
		if len(parts) > 3 {
			return netip.Prefix{}, false
		}
		for len(parts) < 4 {
			parts = append(parts, "0")
		}
		if addr, err = netip.ParseAddr(strings.Join(parts, ".")); err != nil {
			return netip.Prefix{}, false
		}
	}
	bits := addr.BitLen()
	if hasTail {
		var ok bool
		if bits, ok = parseLength(tail, addr); !ok {
			return netip.Prefix{}, false
		}
	}
	p := netip.PrefixFrom(addr, bits)
	return p, p.IsValid()
}

func parseLength(s string, addr netip.Addr) (int, bool) {
	if n, err := strconv.Atoi(s); err == nil {
		return n, n >= 0 && n <= addr.BitLen()
	}
	mask, err := netip.ParseAddr(s)
	if err != nil || mask.BitLen() != addr.BitLen() {
		return 0, false
	}
	for n := range addr.BitLen() + 1 {
		ones, _ := netip.MustParseAddr(allOnes(addr)).Prefix(n)
		if ones.Addr() == mask {
			return n, true
		}
	}
	return 0, false
}

func allOnes(addr netip.Addr) string {
	if addr.Is4() {
		return "255.255.255.255"
	}
	return "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
}

const maxFQDN = 255

var (
	dnsLabel = regexp.MustCompile(`(?i)^[a-z0-9-]{1,63}$`)
	digits   = regexp.MustCompile(`^[0-9]+$`)
)

func dnsName(value any, _ time.Time) string {
	text := yaml.Str(value)
	if text == "" {
		return ""
	}
	if reason := badDNSName(text); reason != "" {
		return fmt.Sprintf("'%s' not in valid format. Reason: %s", text, reason)
	}
	return ""
}

func badDNSName(text string) string {
	if len(text) > maxFQDN {
		return fmt.Sprintf("'%s' exceeds the %d character FQDN limit", text, maxFQDN)
	}
	names := strings.Split(strings.TrimSuffix(text, "."), ".")
	for _, n := range names {
		switch {
		case n == "":
			return "Encountered an empty component."
		case strings.HasPrefix(n, "-") || strings.HasSuffix(n, "-"):
			return fmt.Sprintf("Name '%s' must not start or end with a hyphen.", n)
		case !dnsLabel.MatchString(n):
			return fmt.Sprintf("Name '%s' must be 1-63 characters long, each of which can only be alphanumeric or a hyphen.", n)
		}
	}
	if last := names[len(names)-1]; strings.HasSuffix(text, ".") && len(names) > 1 && digits.MatchString(last) {
		return fmt.Sprintf("TLD '%s' must not be all numeric.", last)
	}
	return ""
}

func relativeDNSName(value any, now time.Time) string {
	text := yaml.Str(value)
	if reason := dnsName(value, now); reason != "" {
		return reason
	}
	if strings.HasSuffix(text, ".") {
		return fmt.Sprintf("'%s' is a FQDN. It should be a relative domain name.", text)
	}
	if len(text) > maxFQDN-3 {
		return fmt.Sprintf("'%s' contains '%d' characters. Adding a domain name will cause it to exceed the maximum length of a FQDN of '%d'.", text, len(text), maxFQDN)
	}
	return ""
}

func dnsDomain(value any, now time.Time) string {
	text := yaml.Str(value)
	if reason := dnsName(value, now); reason != "" {
		return reason
	}
	if text != "" && !strings.HasSuffix(text, ".") {
		return fmt.Sprintf("'%s' must end with '.'.", text)
	}
	return ""
}

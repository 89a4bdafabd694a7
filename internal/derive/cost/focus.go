package cost

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"
)

// focus lists the columns: those that FOCUS 1.2 demands of every row, those that
// an estimate can fill beside, and our own, which start with x_ as it asks.
// https://focus.finops.org/focus-specification/v1-2/
var focus = []string{
	"BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodEnd", "BillingPeriodStart", "ChargeCategory", "ChargeClass",
	"ChargeDescription", "ChargePeriodEnd", "ChargePeriodStart", "ContractedCost", "EffectiveCost", "InvoiceIssuerName", "ListCost", "PricingQuantity",
	"PricingUnit", "ProviderName", "PublisherName", "ServiceCategory", "ServiceName",
	"ChargeFrequency", "ConsumedQuantity", "ConsumedUnit", "ListUnitPrice", "PricingCategory", "RegionId", "ResourceId", "ResourceName", "ResourceType", "SkuId",
	"x_Estimate", "x_EstimateHigh", "x_Service", "x_Owner", "x_PriceBook", "x_PriceBookDate", "x_PriceBookDigest",
}

// WriteFOCUS writes the lines that have a figure as rows of FOCUS 1.2, for the
// month of the given day. They are marked as estimates: the cost is the lower end
// of the range, x_EstimateHigh the upper one, empty where nothing bounds it. It
// returns how many lines have no figure and are left out.
func WriteFOCUS(w io.Writer, list []Estimate, day time.Time) (left int, err error) {
	start := time.Date(day.Year(), day.Month(), 1, 0, 0, 0, 0, time.UTC)
	from, until := start.Format(time.RFC3339), start.AddDate(0, 1, 0).Format(time.RFC3339)
	out := csv.NewWriter(w)
	if err := out.Write(focus); err != nil {
		return 0, err
	}
	for _, e := range list {
		for _, l := range e.Lines {
			if l.Unknown != "" || l.Capacity {
				left++
				continue
			}
			low, high := money(l.Low), money(l.High)
			if l.Unbounded {
				high = ""
			}
			quantity := strconv.FormatFloat(l.LowQuantity, 'f', 4, 64)
			provider := providers[l.Provider]
			if provider == "" {
				provider = "not known"
			}
			err := out.Write([]string{
				low, "estimate", "", e.Book.Currency, until, from, "Usage", "",
				text(l.Kind + " of " + l.Name + ": " + l.Says), until, from, low, low, provider, low, quantity,
				unit(l.Unit), provider, provider, category(l.Kind), serviceName(l),
				"Usage-Based", quantity, unit(l.Unit), strconv.FormatFloat(l.UnitPrice, 'f', -1, 64), "Standard", l.Region, text(l.Subject), text(l.Name), l.Kind, text(l.Class),
				"true", high, text(l.Service), text(l.Owner), text(e.Book.Name), e.Book.Date, e.Book.Digest,
			})
			if err != nil {
				return left, err
			}
		}
	}
	out.Flush()
	return left, out.Error()
}

var providers = map[string]string{"aws": "AWS", "google": "Google Cloud", "azurerm": "Microsoft"}

func money(f float64) string { return strconv.FormatFloat(f, 'f', 4, 64) }

// unit spells a unit as FOCUS does: "vCPU-Hours".
func unit(u string) string {
	what, per, _ := strings.Cut(u, "-")
	if per == "" {
		return u
	}
	if what == "instance" {
		what = "Instance"
	}
	return what + "-" + strings.ToUpper(per[:1]) + per[1:] + "s"
}

// category returns the word of FOCUS for a kind.
func category(kind string) string {
	switch kind {
	case "cpu", "memory", "gpu", "machine", "cluster", "compute":
		return "Compute"
	case "volume", "storage":
		return "Storage"
	case "database", "cache":
		return "Databases"
	case "network":
		return "Networking"
	case "queue":
		return "Integration"
	}
	return "Other"
}

func serviceName(l Line) string {
	if l.Provider != "" {
		return providers[l.Provider] + " " + l.Kind
	}
	return "Kubernetes"
}

// text makes a name safe for spreadsheets, which take what begins so for a formula.
func text(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

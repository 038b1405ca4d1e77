"""The fields of orders and invoice drafts, and of their rows."""

from __future__ import annotations

from sandbox.eaccounting.models import read_model

# visma-eaccounting-schemas.json, OrderApi. Sums, number, the customer's names, IncludesVat are the system's.
ORDER = read_model(
    "OrderApi",
    """
    Id guid readonly
    Amount number.2 readonly
    CustomerId guid required
    CurrencyCode text.3 required
    CreatedUtc moment readonly
    VatAmount number.2 readonly
    RoundingsAmount number.2 readonly
    DeliveredAmount number.2 readonly
    DeliveredVatAmount number.2 readonly
    DeliveredRoundingsAmount number.2 readonly
    DeliveryCustomerName text.50
    DeliveryAddress1 text.50
    DeliveryAddress2 text.50
    DeliveryPostalCode text.10
    DeliveryCity text.50
    DeliveryCountryCode text.2
    YourReference text.100
    OurReference text.100
    BuyersOrderReference text
    InvoiceAddress1 text.50
    InvoiceAddress2 text.50
    InvoiceCity text
    InvoiceCountryCode text.2
    InvoiceCustomerName text readonly
    CustomerNumber text readonly
    CustomerName text readonly
    InvoicePostalCode text.10
    DeliveryMethodName text.50
    DeliveryMethodCode text.50
    DeliveryTermName text.50
    DeliveryTermCode text.20
    EuThirdParty bool required
    CustomerIsPrivatePerson bool readonly
    IncludesVat bool readonly
    OrderDate date required
    Status int required 1,2,3,4
    Number int readonly
    ModifiedUtc moment readonly
    DeliveryDate date
    HouseWorkAmount number
    HouseWorkAutomaticDistribution bool
    HouseWorkCorporateIdentityNumber text.20
    HouseWorkPropertyName text.100
    SalesDocumentAttachments list readonly
    MessageThreads list readonly
    Notes list readonly
    Rows list
    ShippedDateTime date
    RotReducedInvoicingType int required 0,1,2
    RotReducedInvoicingPercent number.4
    RotPropertyType int 1,2
    Persons list
    ReverseChargeOnConstructionServices bool required
    UsesGreenTechnology bool
    IsNotDelivered bool readonly
    ContributionMargin object readonly
    """,
)

# visma-eaccounting-schemas.json, OrderRowApi: there is no VAT field.
ORDER_ROW = read_model(
    "OrderRowApi",
    """
    Id guid
    LineNumber int required
    DeliveredQuantity number.2 =0
    ArticleId guid
    IsServiceArticle bool readonly
    UnitId guid
    ArticleNumber text.40
    IsTextRow bool required
    Text text.2000
    UnitPrice number.2 =0
    Amount number.2 readonly
    DiscountPercentage number.4 =0
    Quantity number.4 =0
    WorkCostType int =0
    IsWorkCost bool required
    WorkHours number
    MaterialCosts number
    EligibleForReverseChargeOnVat bool required
    CostCenterItemId1 guid
    CostCenterItemId2 guid
    CostCenterItemId3 guid
    ProjectId guid
    GreenTechnologyType int =0 0,1,2,3
    ContributionMargin object readonly
    """,
)

# visma-eaccounting-schemas.json, CustomerInvoiceDraftApi.
DRAFT = read_model(
    "CustomerInvoiceDraftApi",
    """
    Id guid readonly
    CustomerId guid required
    CreatedUtc moment readonly
    IsCreditInvoice bool
    RotReducedInvoicingType int required 0,1,2
    RotReducedInvoicingPropertyName text.40
    RotReducedInvoicingOrgNumber text.11
    RotReducedInvoicingAmount number.2
    RotReducedInvoicingAutomaticDistribution bool
    RotPropertyType int 1,2
    HouseWorkOtherCosts number
    Rows list
    Persons list
    YourReference text.100
    OurReference text.100
    BuyersOrderReference text.35
    ElectronicReference text
    InvoiceCustomerName text readonly
    InvoiceAddress1 text.50
    InvoiceAddress2 text.50
    InvoicePostalCode text readonly
    InvoiceCity text readonly
    InvoiceCountryCode text readonly
    InvoiceCurrencyCode text
    DeliveryCustomerName text.50
    DeliveryAddress1 text.50
    DeliveryAddress2 text.50
    DeliveryPostalCode text.10
    DeliveryCity text.50
    DeliveryCountryCode text.2
    DeliveryMethodName text.50
    DeliveryTermName text.50
    DeliveryMethodCode text.20
    DeliveryTermCode text.20
    EuThirdParty bool required
    CustomerIsPrivatePerson bool readonly
    ReverseChargeOnConstructionServices bool
    SalesDocumentAttachments list readonly
    MessageThreads list readonly
    Notes list readonly
    InvoiceDate date
    DueDate date
    DeliveryDate date
    TotalAmount number.2 readonly
    TotalVatAmount number.2 readonly
    TotalRoundings number.2 readonly
    TotalAmountBaseCurrency number.2 readonly
    TotalVatAmountBaseCurrency number.2 readonly
    CustomerNumber text readonly
    CustomerName text readonly
    IncludesVat bool readonly
    ReplaceUnitPriceWhenZero bool
    UsesGreenTechnology bool
    ContributionMargin object readonly
    IsDirectDebit bool readonly
    """,
)

# visma-eaccounting-schemas.json, CustomerInvoiceDraftRowApi.
DRAFT_ROW = read_model(
    "CustomerInvoiceDraftRowApi",
    """
    Id guid readonly
    LineNumber int
    ArticleId guid
    IsServiceArticle bool readonly
    UnitId guid
    ArticleNumber text readonly
    IsTextRow bool required
    Text text.2000
    UnitPrice number.4 =0
    DiscountPercentage number.4 =0
    Quantity number.2 =0
    WorkCostType int =0
    IsWorkCost bool
    WorkHours number
    MaterialCosts number
    ReversedConstructionServicesVatFree bool required
    CostCenterItemId1 guid
    CostCenterItemId2 guid
    CostCenterItemId3 guid
    UnitAbbreviation text readonly
    UnitAbbreviationEnglish text readonly
    VatRateId text
    UnitName text readonly
    ProjectId guid
    GreenTechnologyType int =0 0,1,2,3
    ContributionMargin object readonly
    """,
)

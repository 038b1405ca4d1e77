"""The fields of customers, articles and of the lists one can only read."""

from __future__ import annotations

from sandbox.eaccounting.models import read_model

# visma-eaccounting-schemas.json, CustomerApi. Read-only is what the texts say the system "Returns" or sets.
# not documented: that UnpaidInvoicesAmount, AutoInvoice dates, labels and direct debit cannot be written.
CUSTOMER = read_model(
    "CustomerApi",
    """
    Id guid readonly
    CustomerNumber text.16
    CorporateIdentityNumber text.20
    ContactPersonEmail text.255
    ContactPersonMobile text.50
    ContactPersonName text.100
    ContactPersonPhone text.50
    CurrencyCode text.3
    GLN text
    EmailAddress text.255
    EmailAddressOrder text.255
    EmailAddressQuote text.255
    InvoiceAddress1 text.50
    InvoiceAddress2 text.50
    InvoiceCity text.50 required
    InvoiceCountryCode text.2
    InvoicePostalCode text.10 required
    DeliveryCustomerName text.100
    DeliveryAddress1 text.50
    DeliveryAddress2 text.50
    DeliveryCity text.50
    DeliveryCountryCode text.2
    DeliveryPostalCode text.10
    DeliveryMethodId guid
    DeliveryTermId guid
    PayToAccountId guid
    Name text.50 required
    Note text.4000
    ReverseChargeOnConstructionServices bool
    WebshopCustomerNumber int
    MobilePhone text.50
    Telephone text.50
    TermsOfPaymentId guid required
    TermsOfPayment object readonly
    VatNumber text.20
    WwwAddress text.255
    LastInvoiceDate moment readonly
    IsPrivatePerson bool required
    IsNorthernIreland bool
    DiscountPercentage number.4 =0
    ChangedUtc moment readonly
    IsActive bool required
    ForceBookkeepVat bool
    EdiGlnNumber text
    SalesDocumentLanguage text.2
    ElectronicAddress text
    ElectronicReference text
    EdiServiceDelivererId text
    AutoInvoiceActivationEmailSentDate moment readonly
    AutoInvoiceRegistrationRequestSentDate moment readonly
    EmailAddresses list
    CustomerLabels list readonly
    MessageThreads list readonly
    Notes list readonly
    IsFutureInvoiceDateAllowed bool readonly
    DeliveryBasedVat bool
    SalesPriceListId guid readonly
    Iban text
    DirectDebitCustomerSettings object readonly
    DiscountAgreementId guid readonly
    UnpaidInvoicesAmount number.2 readonly =0
    """,
)

# visma-eaccounting-schemas.json, ArticleApi.
ARTICLE = read_model(
    "ArticleApi",
    """
    Id guid readonly
    IsActive bool required
    Number text.40 required
    Name text.50 required
    NameEnglish text.50
    NetPrice number.2
    NetPriceWithDiscount number.2 readonly
    GrossPrice number.2
    CodingId guid required
    CodingName text readonly
    UnitId guid required
    UnitName text readonly
    UnitAbbreviation text readonly
    StockBalance number =0
    StockBalanceManuallyChangedUtc moment readonly
    StockBalanceReserved number readonly =0
    StockBalanceAvailable number readonly =0
    CreatedUtc moment readonly
    ChangedUtc moment readonly
    HouseWorkType int
    PurchasePrice number
    PurchasePriceManuallyChangedUtc moment readonly
    SendToWebshop bool =true
    UsesMoss bool
    ArticleLabels list readonly
    MessageThreads list readonly
    Notes list readonly
    IsStock bool
    ShowStockInformation bool readonly
    IsServiceArticle bool readonly
    StockLocationReference text
    FreightCosts number
    FreightCostsManuallyChangedUtc moment readonly
    UpdateStockPrices bool
    Barcodes list
    StockValue number readonly =0
    GreenTechnologyType int =0
    DiscountPercentage number readonly =0
    """,
)

# visma-eaccounting-schemas.json: TermsOfPaymentApi, UnitApi, VatCodeApi, ArticleAccountCodingAPI, …
TERMS = read_model(
    "TermsOfPaymentApi",
    """
    Id guid
    Name text
    NameEnglish text
    NumberOfDays int
    TermsOfPaymentTypeId int
    TermsOfPaymentTypeText text
    AvailableForSales bool
    AvailableForPurchase bool
    """,
)
UNIT = read_model("UnitApi", "Id guid\nName text\nCode text\nAbbreviation text\nAbbreviationEnglish text")
VAT_CODE = read_model(
    "VatCodeApi",
    "Id guid\nCode text\nDescription text\nVatRate number\nOssCodeType int =0\nRelatedAccounts object",
)
CODING = read_model(
    "ArticleAccountCodingAPI",
    """
    Id guid
    Name text
    NameEnglish text
    Type text
    VatRate text
    IsActive bool
    VatRatePercent number
    DomesticSalesSubjectToReversedConstructionVatAccountNumber int
    DomesticSalesSubjectToVatAccountNumber int
    DomesticSalesVatExemptAccountNumber int
    ForeignSalesSubjectToMossAccountNumber int
    ForeignSalesSubjectToThirdPartySalesAccountNumber int
    ForeignSalesSubjectToVatWithinEuAccountNumber int
    ForeignSalesVatExemptOutsideEuAccountNumber int
    ForeignSalesVatExemptWithinEuAccountNumber int
    DomesticSalesVatCodeExemptAccountNumber int
    ChangedUtc moment
    """,
)
ACCOUNT = read_model(
    "AccountApi",
    """
    Name text
    Number text
    VatCodeId guid
    VatCodeDescription text
    FiscalYearId guid
    ReferenceCode text
    Type int
    TypeDescription text
    ModifiedUtc moment
    CreatedUtc moment
    IsActive bool
    IsProjectAllowed bool
    IsCostCenterAllowed bool
    IsBlockedForManualBooking bool
    """,
)
FISCAL_YEAR = read_model(
    "FiscalYearApi",
    "Id guid\nStartDate date\nEndDate date\nIsLockedForAccounting bool\nBookkeepingMethod int",
)
DELIVERY_METHOD = read_model("DeliveryMethodApi", "Id guid\nName text\nNameEnglish text\nCode text")
DELIVERY_TERM = read_model("DeliveryTermApi", "Id guid\nName text\nNameEnglish text\nCode text\nEditable bool")
